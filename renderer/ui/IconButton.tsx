import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './IconButton.module.css';
import { classes } from './classes';
import { Tooltip } from './Tooltip';

export type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'aria-label' | 'children'> & {
  /** Its accessible name, and the tooltip unless `hint` says more. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly hint?: string;
  /** Shown in the tooltip, as for {@link import('./Kbd').Kbd}. */
  readonly keys?: string;
  readonly isPressed?: boolean;
  readonly size?: 'md' | 'sm';
  readonly side?: 'top' | 'bottom' | 'left' | 'right';
  readonly ref?: Ref<HTMLButtonElement>;
};

/** A button that is one icon. Disabled ones stay focusable, so that their tooltip can say why. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, hint, keys, isPressed, size = 'md', side = 'bottom', disabled, onClick, ...rest } = props;
  return (
    <Tooltip text={hint ?? label} side={side} {...(keys === undefined ? {} : { keys })}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={isPressed}
        aria-disabled={disabled === true ? true : undefined}
        onClick={disabled === true ? undefined : onClick}
        className={classes(styles['button'], styles[size])}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
