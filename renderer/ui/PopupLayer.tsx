import type { ReactNode } from 'react';
import { createContext, use, useState } from 'react';

const LayerContext = createContext<HTMLElement | null>(null);

type PopupLayerProps = {
  /** The window, given the place where menus, lists and tooltips are put: it stands in a landmark of the page, as they must. */
  readonly children: (layer: ReactNode) => ReactNode;
};

/** Around the app: says where what opens over it is put. */
export function PopupLayer({ children }: PopupLayerProps) {
  const [layer, setLayer] = useState<HTMLElement | null>(null);
  return <LayerContext value={layer}>{children(<div ref={setLayer} />)}</LayerContext>;
}

/** Inside a dialog: what opens there stands beside it, since the rest of the page is out of reach. */
export function DialogLayer({ children }: { readonly children: ReactNode }) {
  return <LayerContext value={null}>{children}</LayerContext>;
}

/** Where a portal puts a popup; its own choice while there is no layer. */
export function usePopupContainer(): HTMLElement | undefined {
  return use(LayerContext) ?? undefined;
}
