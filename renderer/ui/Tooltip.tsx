import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import { createContext, use, useState } from 'react';
import { Kbd } from './Kbd';
import { usePopupContainer } from './PopupLayer';
import styles from './Tooltip.module.css';

/** What is said, and on which side of what it is said about. */
type Words = {
  readonly text: ReactNode;
  /** As for {@link Kbd}. */
  readonly keys?: string | undefined;
  readonly side: 'top' | 'bottom' | 'left' | 'right';
};

export type TooltipProps = Pick<Words, 'text' | 'keys'> & {
  /** Below it unless said. */
  readonly side?: Words['side'];
  /** One focusable element; it keeps its own accessible name. */
  readonly children: ReactElement;
};

const HandleContext = createContext<Base.Handle<Words> | undefined>(undefined);

/** A few words on hover and focus. Never the only place where something is said. */
export function Tooltip({ text, keys, side = 'bottom', children }: TooltipProps) {
  return <Base.Trigger handle={use(HandleContext)} payload={{ text, keys, side }} render={children} />;
}

/**
 * Around what has tooltips, inside its popup layer. One popup says the words of all of them: a window has a hundred, and each of its own
 * would be as heavy as a menu.
 */
export function TooltipLayer({ children }: { readonly children: ReactNode }) {
  const container = usePopupContainer();
  const [handle] = useState(() => Base.createHandle<Words>());
  return (
    <HandleContext value={handle}>
      {children}
      <Base.Root handle={handle}>
        {({ payload }) => (
          <Base.Portal container={container}>
            <Base.Positioner side={payload?.side ?? 'bottom'} sideOffset={6} className={styles['positioner']}>
              <Base.Popup className={styles['popup']}>
                <span>{payload?.text}</span>
                {payload?.keys === undefined ? null : <Kbd keys={payload.keys} />}
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        )}
      </Base.Root>
    </HandleContext>
  );
}

/** Around the app: one tooltip's delay is shared with the next. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider delay={450}>
      <TooltipLayer>{children}</TooltipLayer>
    </Base.Provider>
  );
}
