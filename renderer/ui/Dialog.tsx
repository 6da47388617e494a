import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { useRef } from 'react';
import { useText } from '../i18n';
import styles from './Dialog.module.css';
import { IconButton } from './IconButton';
import { DialogLayer } from './PopupLayer';
import { TooltipLayer } from './Tooltip';
import { classes } from './classes';

export type DialogProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: string;
  readonly width?: 'sm' | 'md' | 'lg' | 'xl';
  /** Buttons at the bottom, right-aligned; the primary one last. */
  readonly actions?: ReactNode;
  /** Keeps title and close button for screen readers only: the content is its own header. */
  readonly isBare?: boolean;
  /** The content is only to be read: it is a stop of the Tab key, from which the arrow keys scroll it. */
  readonly isReading?: boolean;
  readonly initialFocus?: RefObject<HTMLElement | null>;
  readonly children?: ReactNode;
};

/** A modal dialog: focus stays inside, Escape and a click beside it close it, and focus goes back where it was. */
export function Dialog(props: DialogProps) {
  const {
    isOpen,
    onClose,
    title,
    description,
    width = 'md',
    actions,
    isBare = false,
    isReading = false,
    children,
  } = props;
  const { t } = useText('app');
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Viewport className={styles['viewport']}>
          <Base.Popup
            className={classes(styles['popup'], styles[width])}
            ref={popup}
            // Without a better place, the dialog itself: its first button is Close, which is no place to start.
            initialFocus={props.initialFocus ?? popup}
          >
            <DialogLayer>
              <TooltipLayer>
                <header className={isBare ? 'visually-hidden' : styles['header']}>
                  <div>
                    <Base.Title className={styles['title']}>{title}</Base.Title>
                    {description === undefined ? null : (
                      <Base.Description className={styles['description']}>{description}</Base.Description>
                    )}
                  </div>
                  {isBare ? null : <IconButton label={t.close} icon={<X size={16} />} onClick={onClose} size="sm" />}
                </header>
                <div className={classes(styles['body'], isBare && styles['bare'])} tabIndex={isReading ? 0 : undefined}>
                  {children}
                </div>
                {actions === undefined ? null : <footer className={styles['actions']}>{actions}</footer>}
              </TooltipLayer>
            </DialogLayer>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
