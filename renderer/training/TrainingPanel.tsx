import { useState } from 'react';
import type { ModelRef } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import { isRunActive } from '../../shared/training/runState';
import { useText } from '../i18n';
import { useProject, useRun, useSession } from '../session';
import { useRequest } from '../store/useRequest';
import { classes, Tabs } from '../ui';
import { ConfigForm } from './ConfigForm';
import { LayerHealth } from './LayerHealth';
import { PastRuns } from './PastRuns';
import { Preflight, RunFindings } from './Preflight';
import { RunCharts } from './RunCharts';
import { RunStatus } from './RunStatus';
import { StartLine } from './StartLine';
import { TryIt } from './TryIt';
import { useTriedModel } from './triedModel';
import { useTrainingConfig } from './useTrainingConfig';
import styles from './TrainingPanel.module.css';

type Side = 'try' | 'layers' | 'past';

/** The document of a model: its input decides what can be shown to it. */
function useModelDocument(model: ModelRef | null): NetworkDocument | null {
  const { value } = useRequest('model.info', model === null ? null : { model });
  return model === null ? null : (value?.document ?? null);
}

/**
 * Training as a bench under the network: where the run stands and what is wrong with it always in sight, and below that the settings, the
 * curves, and a place to try the outcome.
 */
export function TrainingPanel() {
  const { t } = useText('training');
  const { id } = useSession();
  const config = useTrainingConfig();
  const run = useRun();
  const isActive = isRunActive(run);
  const [side, setSide] = useState<Side>('try');
  const runs = useRequest('run.list', {});
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const model = useTriedModel();
  const document = useModelDocument(model);
  return (
    <div className={styles['frame']}>
      <header className={classes(styles['head'], 'scroller')}>
        <RunStatus />
        {isEmpty || isActive ? null : <Preflight />}
        <StartLine />
        <RunFindings />
      </header>
      <div className={styles['panel']}>
        <div className={classes(styles['settings'], 'scroller')}>
          <ConfigForm config={config} isActive={isActive} />
        </div>
        <RunCharts />
        <div className={styles['side']}>
          <Tabs<Side>
            label={t.outcome}
            value={side}
            onChange={setSide}
            items={[
              { value: 'try', label: t.tryIt, content: <TryIt key={id} model={model} document={document} /> },
              { value: 'layers', label: t.layers, content: <LayerHealth /> },
              {
                value: 'past',
                label: t.pastRuns,
                badge:
                  runs.value === null || runs.value.length === 0 ? null : (
                    <span className="figures">{runs.value.length}</span>
                  ),
                content: <PastRuns answer={runs} />,
              },
            ]}
          />
        </div>
      </div>
    </div>
  );
}
