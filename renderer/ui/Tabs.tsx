import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

export type TabItem<V extends string> = {
  readonly value: V;
  readonly label: string;
  /** Right of the label: a count. */
  readonly badge?: ReactNode;
  readonly content: ReactNode;
};

export type TabsProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly items: readonly TabItem<V>[];
  readonly onChange: (value: V) => void;
  /** Right end of the tab row. */
  readonly trailing?: ReactNode;
};

/**
 * Whether the focus came to a tab from outside of its row: only arrow keys choose by the focus alone. A dialog that closes gives the
 * focus back to the tab that had it, and what was chosen in the dialog may have opened another one.
 */
function isGivenBack(event: Event): boolean {
  if (!(event instanceof FocusEvent) || !(event.target instanceof Element)) return false;
  const { relatedTarget } = event;
  return !(relatedTarget instanceof Node) || event.target.closest('[role=tablist]')?.contains(relatedTarget) !== true;
}

/** Tabs over panels; only the open panel is in the page. */
export function Tabs<V extends string>({ label, value, items, onChange, trailing }: TabsProps<V>) {
  return (
    <Base.Root
      className={styles['root']}
      value={value}
      onValueChange={(next: unknown, { event }) => {
        if (isGivenBack(event)) return;
        const item = items.find((candidate) => candidate.value === next);
        if (item) onChange(item.value);
      }}
    >
      <div className={styles['bar']}>
        <Base.List className={styles['list']} aria-label={label} activateOnFocus>
          {items.map((item) => (
            <Base.Tab key={item.value} value={item.value} className={styles['tab']}>
              {item.label}
              {item.badge}
            </Base.Tab>
          ))}
        </Base.List>
        {trailing}
      </div>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value} className={styles['panel']}>
          {item.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
