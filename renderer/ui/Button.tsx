import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import styles from './Button.module.css';
import { classes } from './classes';

export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> & {
  /** 'primary' is the one action of a surface; 'danger' destroys something that undo cannot bring back. */
  readonly variant?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly size?: 'md' | 'sm';
  /** Before the label, 16 px. */
  readonly icon?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
};

/** A button with words on it. */
export function Button({ variant = 'plain', size = 'md', icon, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className={classes(styles['button'], styles[variant], styles[size])}>
      {icon}
      {children}
    </button>
  );
}
