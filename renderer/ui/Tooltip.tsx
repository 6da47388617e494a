import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import { Kbd } from './Kbd';
import { usePopupContainer } from './PopupLayer';
import styles from './Tooltip.module.css';

export type TooltipProps = {
  readonly text: ReactNode;
  /** As for {@link Kbd}. */
  readonly keys?: string;
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  /** One focusable element; it keeps its own accessible name. */
  readonly children: ReactElement;
};

/** A few words on hover and focus. Never the only place where something is said. */
export function Tooltip({ text, keys, side = 'bottom', children }: TooltipProps) {
  const container = usePopupContainer();
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal container={container}>
        <Base.Positioner side={side} sideOffset={6} className={styles['positioner']}>
          <Base.Popup className={styles['popup']}>
            <span>{text}</span>
            {keys === undefined ? null : <Kbd keys={keys} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Around the app: one tooltip's delay is shared with the next. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return <Base.Provider delay={450}>{children}</Base.Provider>;
}
