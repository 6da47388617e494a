import type { InputHTMLAttributes, Ref } from 'react';
import styles from './TextInput.module.css';
import { classes } from './classes';

export type TextInputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'type' | 'size'> & {
  readonly type?: 'text' | 'search';
  readonly size?: 'sm' | 'md';
  /** Numbers: in tabular figures, at the right. */
  readonly isFigure?: boolean;
  readonly isInvalid?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
};

/** A one-line input: every field in which something is typed. */
export function TextInput({ type = 'text', size = 'md', isFigure = false, isInvalid, ...rest }: TextInputProps) {
  return (
    <input
      {...rest}
      type={type}
      data-size={size}
      spellCheck={false}
      autoComplete="off"
      aria-invalid={isInvalid === true ? true : undefined}
      className={classes(styles['input'], isFigure && 'figures')}
    />
  );
}
