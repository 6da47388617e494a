import { useRef, useState } from 'react';
import { editLabel } from '../canvas/speech';
import { useText } from '../i18n';
import { isDirty, useProject, useSession } from '../session';
import styles from './NetworkName.module.css';

/** The network's name, renamed where it stands. */
export function NetworkName() {
  const session = useSession();
  const { t } = useText('app');
  const name = useProject((state) => state.document.name);
  const dirty = useProject(isDirty);
  const [draft, setDraft] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const commit = (): void => {
    const next = draft?.trim();
    setDraft(null);
    if (next === undefined || next === '' || next === name) return;
    session.project.edit(editLabel('renameNetworkLabel'), [{ type: 'renameNetwork', name: next }]);
  };
  return (
    <span className={styles['name']}>
      <span className={styles['sizer']} aria-hidden="true">
        {(draft ?? name) === '' ? t.untitled : (draft ?? name)}
      </span>
      <input
        ref={input}
        aria-label={t.networkName}
        placeholder={t.untitled}
        value={draft ?? name}
        spellCheck={false}
        autoComplete="off"
        title={t.renameNetwork}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key !== 'Escape') return;
          setDraft(null);
          requestAnimationFrame(() => input.current?.blur());
        }}
      />
      {dirty ? <span role="img" aria-label={t.unsaved} title={t.unsaved} className={styles['dirty']} /> : null}
    </span>
  );
}
