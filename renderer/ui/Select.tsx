import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import { usePopupContainer } from './PopupLayer';
import styles from './Select.module.css';

export type SelectItem<V extends string> = {
  readonly value: V;
  readonly label: string;
  /** A second line, muted. */
  readonly hint?: string;
  readonly isDisabled?: boolean;
};

export type SelectProps<V extends string> = {
  /** Accessible name; the visible label, where there is one, is the owner's. */
  readonly label: string;
  readonly id?: string;
  readonly value: V;
  readonly items: readonly SelectItem<V>[];
  readonly onChange: (value: V) => void;
  readonly isDisabled?: boolean;
  readonly isInvalid?: boolean;
};

/** One of a few values. */
export function Select<V extends string>({ label, id, value, items, onChange, ...props }: SelectProps<V>) {
  const container = usePopupContainer();
  return (
    <Base.Root
      value={value}
      items={items.map((item) => ({ value: item.value, label: item.label }))}
      disabled={props.isDisabled === true}
      modal={false}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger
        id={id}
        className={styles['trigger']}
        aria-label={label}
        aria-invalid={props.isInvalid === true ? true : undefined}
      >
        <Base.Value className={styles['value']} />
        <Base.Icon className={styles['icon']}>
          <ChevronDown size={14} aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal container={container}>
        <Base.Positioner className={styles['positioner']} sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={styles['popup']}>
            {items.map((item) => (
              <Base.Item
                key={item.value}
                value={item.value}
                disabled={item.isDisabled === true}
                className={styles['item']}
              >
                <span className={styles['text']}>
                  <Base.ItemText>{item.label}</Base.ItemText>
                  {item.hint === undefined ? null : <span className={styles['hint']}>{item.hint}</span>}
                </span>
                <Base.ItemIndicator className={styles['indicator']}>
                  <Check size={14} aria-hidden />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
