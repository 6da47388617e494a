import { FileImage, Plus, Timer } from 'lucide-react';
import { useState } from 'react';
import { isRunActive } from '../../shared/training/runState';
import { fill, useText } from '../i18n';
import { openLesson } from '../learn/course';
import { useProject, useRun, useSession } from '../session';
import { showDockTab } from '../store';
import { useTrainingConfig } from '../training/useTrainingConfig';
import { Button, IconButton, Tooltip } from '../ui';
import { HeadExportDialog } from './HeadExportDialog';
import { measureHeads, trainHeads, useHeadRace } from './headRace';
import { OwnHeadMenu } from './OwnHeadMenu';
import type { HeadLabView } from './useHeadLab';
import styles from './ComparePanel.module.css';

type HeadActionsProps = { readonly lab: HeadLabView };

/** What can be done with the heads: another one beside them, timing, writing them down, training them all, and the lesson on them. */
export function HeadActions({ lab }: HeadActionsProps) {
  const { t, pick } = useText('compare');
  const config = useTrainingConfig();
  const isTraining = useRun(isRunActive);
  const isReady = useProject((state) => state.analysis.ok);
  const { current, timed } = useHeadRace();
  const session = useSession();
  const [isExporting, setExporting] = useState(false);
  const heads = lab.columns.map(({ head }) => head);
  const nameOf = (id: string): string => pick(heads.find((head) => head.id === id)?.label ?? { en: id, zh: id });
  const isBusy = isTraining || timed !== null || !isReady;
  return (
    <span className={styles['trailing']}>
      <button type="button" className={styles['link']} onClick={() => openLesson('gap')}>
        {t.learn}
      </button>
      <OwnHeadMenu trigger={<IconButton size="sm" side="top" label={t.addHead} icon={<Plus size={15} />} />} />
      <IconButton
        size="sm"
        side="top"
        label={timed === null ? t.measure : fill(t.measuring, { head: nameOf(timed) })}
        icon={<Timer size={15} />}
        disabled={isBusy}
        onClick={() => void measureHeads(session, heads, config)}
      />
      <IconButton
        size="sm"
        side="top"
        label={t.exportHeads}
        icon={<FileImage size={15} />}
        onClick={() => setExporting(true)}
      />
      {current === null ? (
        <Tooltip text={t.trainAllHint} side="top">
          <Button size="sm" disabled={isBusy} onClick={() => void trainHeads(session, heads, config)}>
            {t.trainAll}
          </Button>
        </Tooltip>
      ) : (
        <Button size="sm" onClick={() => showDockTab('training')}>
          {fill(t.trainingNow, { head: nameOf(current) })}
        </Button>
      )}
      {lab.report === null ? null : (
        <HeadExportDialog isOpen={isExporting} onClose={() => setExporting(false)} report={lab.report} />
      )}
    </span>
  );
}
