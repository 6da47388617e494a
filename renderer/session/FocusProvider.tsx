import type { ReactNode } from 'react';
import { SessionProvider } from './context';
import { useChosen, useFocus } from './inside';

/** Says that the components inside are about what is on the canvas: the network, or the block that was gone into. */
export function FocusProvider({ children }: { readonly children: ReactNode }) {
  return <SessionProvider session={useFocus()}>{children}</SessionProvider>;
}

/** As {@link FocusProvider}; or about the block that is open in its place, while the user works in that. */
export function ChosenProvider({ children }: { readonly children: ReactNode }) {
  return <SessionProvider session={useChosen()}>{children}</SessionProvider>;
}
