import { actions } from '../actions';
import { useText } from '../i18n';
import { openDialog, useUi } from '../store';
import { Dialog } from '../ui/Dialog';
import { Kbd } from '../ui/Kbd';
import styles from './ShortcutsDialog.module.css';

const groups = ['file', 'edit', 'move', 'run', 'view', 'insert', 'learn', 'help'] as const;

/** Every action that has keys, by what it is about. */
export function ShortcutsDialog() {
  const { t, pick } = useText('app');
  const isOpen = useUi((state) => state.dialog === 'shortcuts');
  const titles = {
    file: t.groupFile,
    edit: t.groupEdit,
    move: t.groupMove,
    run: t.groupRun,
    view: t.groupView,
    insert: t.groupInsert,
    learn: t.groupLearn,
    help: t.groupHelp,
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => openDialog(null)}
      title={t.shortcuts}
      description={t.shortcutsHint}
      width="lg"
      isReading
    >
      <div className={styles['sheet']}>
        {groups.map((group) => (
          <section key={group} aria-label={titles[group]}>
            <h3>{titles[group]}</h3>
            <dl>
              {actions
                .filter((action) => action.group === group && (action.shortcuts?.length ?? 0) > 0)
                .map((action) => (
                  <div key={action.id}>
                    <dt>{pick(action.label)}</dt>
                    <dd>
                      {action.shortcuts?.map((keys) => (
                        <Kbd key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
