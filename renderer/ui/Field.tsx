import type { InputHTMLAttributes, ReactNode, Ref } from 'react';
import { useId } from 'react';
import styles from './Field.module.css';
import { classes } from './classes';

export type FieldProps = {
  readonly label: string;
  /** Under the control. */
  readonly hint?: ReactNode;
  /** Under the control, in red; the control is then marked invalid by its owner with `aria-describedby={ids.message}`. */
  readonly error?: string | undefined;
  /** 'row': label left, control right, for dense forms. */
  readonly layout?: 'row' | 'column';
  readonly children: (ids: { readonly control: string; readonly message: string }) => ReactNode;
};

/** A label, a control, and what is to be said about it. */
export function Field({ label, hint, error, layout = 'row', children }: FieldProps) {
  const id = useId();
  const ids = { control: id, message: `${id}-message` };
  return (
    <div className={classes(styles['field'], styles[layout])}>
      <label htmlFor={ids.control} className={styles['label']}>
        {label}
      </label>
      <div className={styles['control']}>{children(ids)}</div>
      {error === undefined && hint === undefined ? null : (
        <p id={ids.message} className={classes(styles['message'], error !== undefined && styles['error'])}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

export type TextInputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'type'> & {
  readonly type?: 'text' | 'search';
  readonly isInvalid?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
};

/** A one-line text input. */
export function TextInput({ type = 'text', isInvalid, ...rest }: TextInputProps) {
  return (
    <input
      {...rest}
      type={type}
      spellCheck={false}
      autoComplete="off"
      aria-invalid={isInvalid === true ? true : undefined}
      className={styles['input']}
    />
  );
}
