import { Play, Square } from 'lucide-react';
import { isRunActive } from '../../shared/training/runState';
import { fill, useText } from '../i18n';
import { useTrainingProblems } from '../problems/trainingFindings';
import { actionOf, usePerform } from '../actions';
import { useProject, useRun } from '../session';
import { useHost } from '../store';
import { Button, Tooltip } from '../ui';
import { firstObstacle } from './trainAction';

/** Starts training the open network, or stops it. With something in the way it says what, and leads there instead. */
export function TrainButton() {
  const { t, pick } = useText('training');
  const run = useRun();
  const isReady = useHost((state) => state.status === 'ready');
  const training = useTrainingProblems();
  const obstacle = useProject((project) => firstObstacle({ project, training }));
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const perform = usePerform();
  const shared = { onClick: () => perform(actionOf('train')), 'aria-keyshortcuts': 'Control+Enter Meta+Enter' };

  if (isRunActive(run)) {
    const isStopping = run.phase === 'stopping' || run.phase === 'requesting';
    return (
      <Button {...shared} icon={<Square size={13} fill="currentColor" aria-hidden />} disabled={isStopping}>
        {run.phase === 'stopping' ? t.stopping : t.stop}
      </Button>
    );
  }
  if (obstacle !== null) {
    return (
      <Tooltip text={fill(t.inTheWay, { reason: pick(obstacle.summary) })}>
        <Button {...shared} icon={<Play size={14} aria-hidden />}>
          {t.train}
        </Button>
      </Tooltip>
    );
  }
  return (
    <Button
      {...shared}
      variant="primary"
      icon={<Play size={14} fill="currentColor" aria-hidden />}
      disabled={isEmpty || !isReady}
    >
      {t.train}
    </Button>
  );
}
