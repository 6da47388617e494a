import { text } from '../../../shared/text';
import { isRunActive } from '../../../shared/training/runState';
import type { RunState } from '../../../shared/training/runState';
import { fill, useText } from '../../i18n';
import type { Messages } from '../../i18n';
import { useProject } from '../../session';
import { Button, Segments } from '../../ui';
import type { ExhibitNetwork } from './network';
import styles from './exhibits.module.css';

type NetworkBarProps = {
  readonly own: ExhibitNetwork | null;
  readonly lesson: ExhibitNetwork | null;
  readonly shown: ExhibitNetwork;
  readonly onChoose: (whose: ExhibitNetwork['whose']) => void;
  readonly wantsTraining: boolean;
};

/** How far a training is, in words. */
export function trainingWords(run: RunState, t: Pick<Messages<'learn'>, 'training' | 'preparing'>): string {
  if (run.phase !== 'running' && run.phase !== 'stopping') return t.preparing;
  return fill(t.training, { epoch: run.epochs.length + 1, epochs: run.config.epochs });
}

/** On which network an exhibit runs, whether it has learned, and the way to train it. */
export function NetworkBar({ own, lesson, shown, onChoose, wantsTraining }: NetworkBarProps) {
  const { t, language } = useText('learn');
  const nameOf = (network: ExhibitNetwork | null): string => network?.document.name ?? '';
  const choice = {
    own: text(fill(t.own, { name: nameOf(own) }), fill(t.own, { name: nameOf(own) })),
    lesson: text(fill(t.lessons, { name: nameOf(lesson) }), fill(t.lessons, { name: nameOf(lesson) })),
  };
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  // Where nothing is drawn, there is nothing that could fit.
  const why = isEmpty ? choice.lesson[language] : t.doesNotFit;
  const isActive = isRunActive(shown.run);
  return (
    <div className={styles['network']}>
      {own !== null && lesson !== null ? (
        <Segments label={t.network} value={shown.whose} choice={choice} language={language} onChange={onChoose} />
      ) : (
        <span className={styles['muted']}>{own === null ? why : choice.own[language]}</span>
      )}
      <span className={styles['muted']} role="status">
        {isActive ? trainingWords(shown.run, t) : shown.model === null ? t.fresh : t.trained}
      </span>
      {wantsTraining && shown.model === null && !isActive ? (
        <Button size="sm" title={t.trainHint} onClick={shown.train}>
          {t.train}
        </Button>
      ) : null}
    </div>
  );
}
