import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import { useRef } from 'react';
import { useText } from '../i18n';
import { historyStates, useProject, useSession } from '../session';
import { openDialog, useUi } from '../store';
import { Dialog } from '../ui/Dialog';
import styles from './CommandPalette.module.css';

function States({ input }: { readonly input: React.RefObject<HTMLInputElement | null> }) {
  const { t, pick } = useText('app');
  const session = useSession();
  const history = useProject((state) => state.history);
  const saved = useProject((state) => state.savedDocument);
  const hasFile = useProject((state) => state.file !== null);
  const states = [...historyStates(history)].reverse();
  return (
    <Cmdk label={t.history} loop defaultValue="0" className={styles['palette'] ?? ''}>
      <div className={styles['search']}>
        <Search size={16} aria-hidden />
        <Cmdk.Input ref={input} placeholder={t.searchHistory} aria-label={t.searchHistory} />
      </div>
      <Cmdk.List className={styles['list'] ?? ''} label={t.history}>
        <Cmdk.Empty className={styles['none'] ?? ''}>{t.noStep}</Cmdk.Empty>
        {states.map(({ label, document, distance }) => {
          const name = label === null ? t.opened : pick(label);
          const marks = [...(distance === 0 ? [t.now] : []), ...(hasFile && document === saved ? [t.isSaved] : [])];
          return (
            <Cmdk.Item
              key={distance}
              value={String(distance)}
              keywords={[name]}
              aria-current={distance === 0 ? 'step' : undefined}
              data-undone={distance > 0 ? true : undefined}
              onSelect={() => {
                session.project.travel(distance);
                openDialog(null);
              }}
            >
              <span className={styles['title']}>{name}</span>
              <span className={styles['mark']}>{marks.join(t.comma)}</span>
            </Cmdk.Item>
          );
        })}
      </Cmdk.List>
    </Cmdk>
  );
}

/** Every state that the network has been in, to go to: with the keys, the mouse, or by the name of a step. */
export function HistoryDialog() {
  const { t } = useText('app');
  const isOpen = useUi((state) => state.dialog === 'history');
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => openDialog(null)}
      title={t.history}
      description={t.historyHint}
      width="sm"
      initialFocus={input}
    >
      <States input={input} />
    </Dialog>
  );
}
