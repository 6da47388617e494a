import { useText } from '../../i18n';
import { Select } from '../../ui';
import styles from './exhibits.module.css';

type NodeSelectProps = {
  readonly nodes: readonly string[];
  readonly value: string;
  readonly onChange: (node: string) => void;
};

/** Which of several nodes an exhibit is about; nothing where there is one. */
export function NodeSelect({ nodes, value, onChange }: NodeSelectProps) {
  const { t } = useText('learn');
  if (nodes.length < 2) return null;
  return (
    <div className={styles['select']}>
      <Select label={t.node} value={value} items={nodes.map((id) => ({ value: id, label: id }))} onChange={onChange} />
    </div>
  );
}
