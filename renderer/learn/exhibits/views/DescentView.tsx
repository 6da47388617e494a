import { useMemo, useState } from 'react';
import {
  descend,
  descentKinds,
  descentQuestion,
  descentSteps,
  points,
  surface,
  surfaceThetas,
} from '../../../../shared/learn/exhibits/descent';
import type { Descent, DescentStep, Theta } from '../../../../shared/learn/exhibits/descent';
import { text } from '../../../../shared/text';
import { fill, useText } from '../../../i18n';
import { en, zh } from '../../../i18n/exhibits';
import { questionOf } from '../../../maps/inspected';
import { useInspection } from '../../../maps/useInspection';
import { showRace } from '../../../runs/chosenRuns';
import { Button, Failures, NumberField, Segments, Slider } from '../../../ui';
import { closeExhibit } from '../exhibitStore';
import { shortNumber } from '../NumberGrid';
import { QuestionCard } from '../QuestionCard';
import { allPoints, lossDocument, usePaths } from '../usePaths';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';
import { LossSurface } from './LossSurface';

const kinds = { bgd: text(en.bgd, zh.bgd), sgd: text(en.sgd, zh.sgd), mbgd: text(en.mbgd, zh.mbgd) };
const thetas = surfaceThetas();
/** The slider's rates: 0.01 to about 3, a tenth of a decade each. */
const rates = { from: -20, to: 5 } as const;

function rateAt(tick: number): number {
  return Number((10 ** (tick / 10)).toPrecision(2));
}

/** The loss surface, three ways down it, and the update rule with its numbers. */
export function DescentView({ exhibit }: ExhibitViewProps) {
  const { t, language } = useText('exhibits');
  const [start, setStart] = useState<Theta>([-1, -1]);
  const [tick, setTick] = useState(-5);
  const [step, setStep] = useState(0);
  const [kind, setKind] = useState<Descent>('bgd');
  const rate = rateAt(tick);
  const { paths, diagnostics } = usePaths(start, rate);
  const looked = useInspection(
    questionOf(
      { document: lossDocument, model: null, seed: 1 },
      { samples: { from: 'values', values: thetas }, nodes: ['loss'], weights: [], put: allPoints },
    ),
  );
  const losses = looked.value?.nodes['loss']?.data;
  const here = paths[kind][Math.min(step, paths[kind].length - 1)];
  return (
    <>
      <div className={styles['controls']}>
        <Slider label={t.rate} value={tick} min={rates.from} max={rates.to} said={String(rate)} onChange={setTick} />
        <Slider label={t.step} value={step} min={0} max={descentSteps} said={String(step)} onChange={setStep} />
        <Segments label={t.followed} value={kind} choice={kinds} language={language} onChange={setKind} />
        <Button
          size="sm"
          onClick={() => {
            closeExhibit();
            showRace();
          }}
        >
          {t.raceThem}
        </Button>
      </div>
      <Failures diagnostics={[...looked.diagnostics, ...diagnostics]} />
      <div className={styles['columns']}>
        <div className={styles['column']}>
          <h3>{t.surface}</h3>
          {losses === undefined ? null : (
            <LossSurface losses={losses} paths={paths} followed={kind} step={step} onStart={setStart} />
          )}
          <ul className={styles['pathNames']}>
            {descentKinds.map((one) => (
              <li key={one} data-kind={one} data-followed={one === kind ? true : undefined}>
                {kinds[one][language]}
              </li>
            ))}
          </ul>
          <p className={styles['muted']}>{fill(t.surfaceHint, { places: surface.places })}</p>
          <div className={styles['controls']}>
            <NumberField
              label={t.thetaZero}
              value={start[0]}
              min={surface.from}
              max={surface.to}
              step={0.1}
              onChange={(value) => setStart([value, start[1]])}
            />
            <NumberField
              label={t.thetaOne}
              value={start[1]}
              min={surface.from}
              max={surface.to}
              step={0.1}
              onChange={(value) => setStart([start[0], value])}
            />
          </div>
        </div>
        {here === undefined ? null : <Rule here={here} rate={rate} />}
      </div>
      {here === undefined ? null : <QuestionCard exhibit={exhibit} question={descentQuestion(here, rate)} />}
    </>
  );
}

/** The side of the drawing of the points, and what range of x and y it shows. */
const drawing = { side: 100, x: 1.8, y: 3 } as const;

function at(x: number, y: number): readonly [number, number] {
  const { side } = drawing;
  return [((x / drawing.x + 1) * side) / 2, ((1 - y / drawing.y) * side) / 2];
}

/** The update of one step, number by number, and the line that θ stands for. */
function Rule({ here, rate }: { readonly here: DescentStep; readonly rate: number }) {
  const { t } = useText('exhibits');
  const next = descend(here.theta, here.gradient, rate);
  const looked = useInspection(
    questionOf(
      { document: lossDocument, model: null, seed: 1 },
      {
        samples: { from: 'values', values: useMemo(() => Float32Array.from(here.theta), [here]) },
        nodes: ['loss'],
        weights: [],
        put: allPoints,
      },
    ),
  );
  const loss = looked.value?.nodes['loss']?.data[0];
  const [a, b] = here.theta;
  const [left, right] = [at(-drawing.x, a - b * drawing.x), at(drawing.x, a + b * drawing.x)];
  return (
    <>
      <div className={styles['column']}>
        <h3>{t.rule}</h3>
        {([0, 1] as const).map((index) => (
          <p key={index} className="figures">
            {fill(t.ruleLine, {
              name: index === 0 ? 'θ₀' : 'θ₁',
              from: shortNumber(here.theta[index], 3),
              rate,
              gradient: shortNumber(here.gradient[index], 3),
              // What is asked below is not said here.
              to: index === 0 ? shortNumber(next[index], 3) : '?',
            })}
          </p>
        ))}
        {loss === undefined ? null : <p role="status">{fill(t.lossHere, { loss: loss.toPrecision(4) })}</p>}
      </div>
      <div className={styles['column']}>
        <h3>{t.points}</h3>
        <svg
          viewBox={`0 0 ${drawing.side} ${drawing.side}`}
          className={styles['board']}
          role="img"
          aria-label={t.points}
        >
          <line className={styles['fitted']} x1={left[0]} y1={left[1]} x2={right[0]} y2={right[1]} />
          {points.map(({ x, y }) => (
            <circle key={x} className={styles['point']} cx={at(x, y)[0]} cy={at(x, y)[1]} r={1.6} />
          ))}
        </svg>
      </div>
    </>
  );
}
