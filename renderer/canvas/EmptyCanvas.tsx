import { Plus } from 'lucide-react';
import { findLayer } from '../../shared/layers';
import { openTemplate } from '../dialogs/fileActions';
import { RecentNetworks } from '../dialogs/RecentNetworks';
import { useText } from '../i18n';
import { useProject, useSession, useWorkspace } from '../session';
import { openDialog, useHost } from '../store';
import { LayerGlyph } from '../ui/LayerGlyph';
import { Button } from '../ui/Button';
import { insertLayer } from './actions';
import styles from './EmptyCanvas.module.css';

/** The template a newcomer starts from. */
const firstTemplate = 'lenet';

/** What the canvas shows while there is nothing on it. */
export function EmptyCanvas() {
  const { t } = useText('canvas');
  const session = useSession();
  const workspace = useWorkspace();
  const isEmpty = useProject(({ document: { nodes, frames = [] } }) => nodes.length === 0 && frames.length === 0);
  const hasHost = useHost((state) => state.status === 'ready');
  if (!isEmpty) return null;
  return (
    <div className={styles['empty']} data-ready={hasHost}>
      <span className={styles['figure']} aria-hidden="true">
        {['input', 'conv', 'activation', 'pool', 'fc'].map((kind) => (
          <span key={kind} data-kind={kind} className={styles['ghost']}>
            <LayerGlyph definition={findLayer(kind)} size={22} />
          </span>
        ))}
      </span>
      <p className={styles['title']}>{t.emptyTitle}</p>
      <p className={styles['hint']}>{t.emptyHint}</p>
      <span className={styles['actions']}>
        <Button icon={<Plus size={15} aria-hidden />} onClick={() => insertLayer(session, 'input')}>
          {t.addInput}
        </Button>
        <Button variant="primary" disabled={!hasHost} onClick={() => void openTemplate(workspace, firstTemplate)}>
          {t.startLenet}
        </Button>
        <Button variant="quiet" disabled={!hasHost} onClick={() => openDialog('templates')}>
          {t.browseTemplates}
        </Button>
      </span>
      <RecentNetworks />
    </div>
  );
}
