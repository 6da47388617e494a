import type { KeyboardEvent } from 'react';
import { useId, useState } from 'react';
import { useText } from '../i18n';
import { TextInput } from '../ui';
import styles from './ExportDialog.module.css';
import { exportTargets, type ExportTarget } from '../../shared/schema/exports';
import { groupOf, targetGroups } from './targets';

type TargetListProps = { readonly value: ExportTarget; readonly onChange: (target: ExportTarget) => void };

/** Up and down choose the next radio of the whole list, past the headings. */
function walk(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const radios = [...event.currentTarget.querySelectorAll<HTMLInputElement>('input[type="radio"]')];
  const at = radios.findIndex((radio) => radio.checked);
  const next = radios[(at + (event.key === 'ArrowDown' ? 1 : -1) + radios.length) % radios.length];
  event.preventDefault();
  next?.focus();
  next?.click();
}

/** Everything that a network can be written as, under headings, with a search over names and sentences. */
export function TargetList({ value, onChange }: TargetListProps) {
  const { t, pick } = useText('exports');
  const name = useId();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const found = exportTargets.filter(({ id, label, doc, extension }) =>
    [id, extension, label.en, label.zh, doc.en, doc.zh].some((part) => part.toLowerCase().includes(wanted)),
  );
  return (
    <div className={styles['targets']}>
      <TextInput
        aria-label={t.search}
        placeholder={t.search}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key !== 'Enter' || first === undefined) return;
          // Enter here chooses; it does not send the form.
          event.preventDefault();
          onChange(first);
        }}
      />
      <div role="radiogroup" aria-label={t.format} className={styles['list']} onKeyDown={walk}>
        {targetGroups.map((group) => {
          const own = found.filter((target) => groupOf(target) === group);
          if (own.length === 0) return null;
          return (
            <div key={group} role="presentation">
              <p className={styles['heading']}>{t[group]}</p>
              {own.map((target) => (
                <label key={target.id} className={styles['target']} title={pick(target.doc)}>
                  <input type="radio" name={name} checked={target.id === value.id} onChange={() => onChange(target)} />
                  <span>{pick(target.label)}</span>
                </label>
              ))}
            </div>
          );
        })}
        {found.length === 0 ? <p className={styles['none']}>{t.noTarget}</p> : null}
      </div>
    </div>
  );
}
