import { formatFigure, needsTraining } from '../../shared/learn/experiment';
import type { Lesson } from '../../shared/learn/lesson';
import { fillWords } from '../../shared/learn/words';
import { fill, useText, wordOf } from '../i18n';
import { useWorkspace } from '../session';
import { useUi } from '../store';
import { Button } from '../ui';
import { figureOf } from './course';
import { DoneMark } from './DoneMark';
import { showTrial, useTrials } from './trials';
import styles from './CoursePanel.module.css';

/** What a lesson proposes to do: its networks with what they measure, ticked as they are tried, and what that shows. */
export function ExperimentCard({ lesson }: { readonly lesson: Lesson }) {
  const { t, pick, language } = useText('learn');
  const workspace = useWorkspace();
  const { shown, isReady } = useTrials(lesson);
  const { experiment } = lesson;
  const [first] = experiment.trials;
  const filled = (text: typeof experiment.task): string =>
    fillWords(pick(text), language, experiment, (room, key) => wordOf(room, key, language));
  return (
    <section className={styles['experiment']} aria-label={t.experiment}>
      <h4>{t.experiment}</h4>
      <p>{filled(experiment.task)}</p>
      <Trials lesson={lesson} />
      {shown === null && first !== undefined ? (
        <Button variant="primary" disabled={!isReady} onClick={() => showTrial(workspace, lesson, first.id)}>
          {t.tryIt}
        </Button>
      ) : null}
      <p className={styles['shows']}>{filled(experiment.shows)}</p>
    </section>
  );
}

function Trials({ lesson }: { readonly lesson: Lesson }) {
  const { t, pick } = useText('learn');
  const workspace = useWorkspace();
  const { shown, isReady } = useTrials(lesson);
  const layout = useUi((state) => state.layout);
  const { trials, measure } = lesson.experiment;
  const isTrained = needsTraining(lesson.experiment);
  return (
    <ul className={styles['trials']}>
      {trials.map((trial) => {
        const own = figureOf(layout, lesson, trial.id);
        const isShown = shown?.trial.id === trial.id;
        const label = pick(trial.label);
        return (
          <li key={trial.id} aria-current={isShown ? true : undefined}>
            <DoneMark isDone={own !== undefined} />
            <span className={styles['trial']}>
              {label}
              <span className={styles['figures']}>
                <span className="figures">{formatFigure(measure, trial.figure)}</span>
                {isTrained ? <span>{t.expected}</span> : null}
                {isTrained && own !== undefined ? (
                  <>
                    <strong className="figures">{formatFigure(measure, own)}</strong>
                    <span>{t.yours}</span>
                  </>
                ) : null}
              </span>
            </span>
            {isShown ? (
              <span className={styles['muted']}>{t.onCanvas}</span>
            ) : (
              <Button
                variant="quiet"
                size="sm"
                disabled={!isReady}
                aria-label={fill(t.showTrial, { trial: label })}
                onClick={() => showTrial(workspace, lesson, trial.id)}
              >
                {t.show}
              </Button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
