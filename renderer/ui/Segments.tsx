import type { Language, Text } from '../../shared/text';
import { choiceNames } from '../../shared/schema/figures';
import styles from './Segments.module.css';

type SegmentsProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly choice: Readonly<Record<V, Text>>;
  /** Values that cannot be chosen now. */
  readonly without?: readonly V[];
  readonly language: Language;
  readonly onChange: (value: V) => void;
};

/** One of a few values, all of them in sight. */
export function Segments<V extends string>({
  label,
  value,
  choice,
  without = [],
  language,
  onChange,
}: SegmentsProps<V>) {
  return (
    <div role="group" aria-label={label} className={styles['segments']}>
      {choiceNames<V>(choice)
        .filter((name) => !without.includes(name))
        .map((name) => (
          <button key={name} type="button" aria-pressed={name === value} onClick={() => onChange(name)}>
            {choice[name][language]}
          </button>
        ))}
    </div>
  );
}
