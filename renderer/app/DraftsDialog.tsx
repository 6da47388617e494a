import { useText } from '../i18n';
import { fill } from '../i18n/language';
import { useWorkspace, useWorkspaceState } from '../session';
import { openDialog, useUi } from '../store';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import styles from './DraftsDialog.module.css';

/** Offers the work that was not saved when the app last ended. */
export function DraftsDialog() {
  const { t, language } = useText('app');
  const isOpen = useUi((state) => state.dialog === 'drafts');
  const workspace = useWorkspace();
  const drafts = useWorkspaceState((state) => state.offeredDrafts);
  const close = (): void => openDialog(null);
  const when = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  return (
    <Dialog
      isOpen={isOpen && drafts.length > 0}
      onClose={close}
      title={t.draftTitle}
      description={t.draftHint}
      width="sm"
      actions={<Button onClick={close}>{t.draftLater}</Button>}
    >
      <ul className={styles['list']}>
        {drafts.map((draft) => (
          <li key={draft.key} className={styles['draft']}>
            <span className={styles['words']}>
              <strong>{draft.document.name === '' ? t.untitled : draft.document.name}</strong>
              <span>
                {fill(t.layerCount, { count: draft.document.nodes.length })}, {when.format(new Date(draft.savedAt))}
              </span>
            </span>
            <Button size="sm" variant="quiet" onClick={() => workspace.discardDraft(draft)}>
              {t.draftDiscard}
            </Button>
            <Button
              size="sm"
              variant="primary"
              onClick={() => {
                workspace.restoreDraft(draft);
                close();
              }}
            >
              {t.draftRestore}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
