import { Select } from '../ui';
import styles from './ConfigForm.module.css';

type ChoiceProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly items: readonly { readonly value: V; readonly label: string; readonly isDisabled?: boolean }[];
  readonly isDisabled: boolean;
  readonly onChange: (value: V) => void;
};

/** One setting that is chosen from a list. */
export function Choice<V extends string>(props: ChoiceProps<V>) {
  return (
    <div className={styles['choice']}>
      <span>{props.label}</span>
      <Select {...props} />
    </div>
  );
}
