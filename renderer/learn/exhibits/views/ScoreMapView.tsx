import { useMemo, useState } from 'react';
import { windowAt } from '../../../../shared/analysis/seenInput';
import { scoreMapQuestion, slidingNetwork } from '../../../../shared/learn/exhibits/scoreMap';
import type { SlidingNetwork } from '../../../../shared/learn/exhibits/scoreMap';
import type { Plane } from '../../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../../shared/ops/tensor';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import type { Cell } from '../../../maps/PlaneView';
import { useInspection } from '../../../maps/useInspection';
import { Button, Failures } from '../../../ui';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

/** How many pictures stand beside and below each other on the large one, and how far each is from its corner. */
const layout = [
  { row: 0, column: 0.1 },
  { row: 0.15, column: 1.15 },
  { row: 0, column: 2 },
  { row: 1, column: 0.4 },
  { row: 0.95, column: 1.9 },
] as const;
const tiles = [2, 3] as const;

/** Several pictures on one that is larger, the brighter value where they meet. */
function composed(
  pictures: HostTensor,
  [height, width, channels]: readonly [number, number, number],
  step: number,
): Float32Array {
  const [rows, columns] = [height * tiles[0], width * tiles[1]];
  const all = new Float32Array(rows * columns * channels);
  layout.forEach((corner, picture) => {
    const [top, left] = [corner.row * height, corner.column * width].map((at) => step * Math.round(at / step));
    if (top === undefined || left === undefined) return;
    for (let y = 0; y < height && top + y < rows; y++) {
      for (let x = 0; x < width && left + x < columns; x++) {
        for (let c = 0; c < channels; c++) {
          const to = ((top + y) * columns + left + x) * channels + c;
          const value = pictures.data[((picture * height + y) * width + x) * channels + c] ?? 0;
          all[to] = Math.max(all[to] ?? 0, value);
        }
      }
    }
  });
  return all;
}

/** The classifier as a conv, which slides over a large picture and gives a map of scores. */
export function ScoreMapView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('learn');
  const [from, setFrom] = useState(0);
  const shape = inputShapeOf(network.analysis);
  const sliding = useMemo(
    () =>
      shape === null
        ? null
        : slidingNetwork(network.document, network.analysis, [shape[0] * tiles[0], shape[1] * tiles[1]]),
    // The shape is the analysis's.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [network.document, network.analysis],
  );
  // Digits stand where the window stops, as the classifier was trained on them.
  const step = Math.max(1, Math.round(sliding?.analysis.nodes.get(sliding.outputNode)?.receptiveField?.jump[0] ?? 1));
  const indices = layout.map((_, at) => from + at);
  const pictures = useInspection(
    questionOf(network, {
      samples: { from: 'data', spec: network.spec, part: 'validation', indices },
      nodes: network.analysis.inputs,
      weights: [],
    }),
  );
  const shown = pictures.value?.nodes[pictures.value.inputNode];
  const large = useMemo(
    () => (shown === undefined || shape === null ? null : composed(shown, shape, step)),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [shown],
  );
  const looked = useInspection(
    sliding === null || large === null
      ? null
      : questionOf(
          { document: sliding.document, model: network.model, seed: network.seed },
          { samples: { from: 'values', values: large }, nodes: [sliding.outputNode], weights: [] },
        ),
  );
  const scores = looked.value?.nodes[sliding?.outputNode ?? ''];
  if (sliding === null || shape === null) return <p className={styles['muted']}>{t.doesNotFit}</p>;
  return (
    <>
      <div className={styles['controls']}>
        <Button size="sm" onClick={() => setFrom((from + layout.length) % 500)}>
          {t.another}
        </Button>
      </div>
      <Failures diagnostics={[...pictures.diagnostics, ...looked.diagnostics]} />
      {large === null || scores === undefined ? null : (
        <ScoreMap
          sliding={sliding}
          scores={scores}
          large={large}
          shape={shape}
          classes={pictures.value?.classes ?? []}
        />
      )}
      <QuestionCard exhibit={exhibit} question={scoreMapQuestion(sliding)} />
    </>
  );
}

type ScoreMapProps = {
  readonly sliding: SlidingNetwork;
  readonly scores: HostTensor;
  readonly large: Float32Array;
  readonly shape: readonly [number, number, number];
  readonly classes: readonly string[];
};

/** Softmax of the scores at one place. */
function probabilities(scores: HostTensor, place: number): readonly number[] {
  const count = scores.shape[3] ?? 1;
  const own = [...scores.data.subarray(place * count, (place + 1) * count)];
  const most = Math.max(...own);
  const powers = own.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function ScoreMap({ sliding, scores, large, shape, classes }: ScoreMapProps) {
  const { t } = useText('learn');
  const [rows, columns] = sliding.places;
  // The first digit stands one stop of the window from the left.
  const [at, setAt] = useState<Cell>({ row: 0, column: Math.min(1, columns - 1) });
  const [height, width, channels] = [shape[0] * tiles[0], shape[1] * tiles[1], shape[2]];
  const planes = useMemo(
    () =>
      Array.from({ length: channels === 3 ? 3 : 1 }, (_, channel): Plane => {
        const values = Float32Array.from(
          { length: height * width },
          (_unused, place) => large[place * channels + channel] ?? 0,
        );
        return { height, width, values };
      }),
    [large, height, width, channels],
  );
  const answers = useMemo(
    () =>
      Array.from({ length: rows * columns }, (_, place) => {
        const all = probabilities(scores, place);
        const best = all.indexOf(Math.max(...all));
        return { best, share: all[best] ?? 0 };
      }),
    [scores, rows, columns],
  );
  const field = sliding.analysis.nodes.get(sliding.outputNode)?.receptiveField ?? null;
  const here = answers[at.row * columns + at.column];
  const nameOf = (index: number): string => classes[index] ?? String(index);
  const window = field === null ? null : ([windowAt(field, 0, at.row), windowAt(field, 1, at.column)] as const);
  return (
    <div className={styles['columns']}>
      <div className={styles['column']}>
        <h3>{t.largePicture}</h3>
        <PlaneView planes={planes} label={t.largePicture}>
          {window === null ? null : (
            <rect
              className={styles['mark']}
              x={window[1][0]}
              y={window[0][0]}
              width={window[1][1]}
              height={window[0][1]}
            />
          )}
        </PlaneView>
        {here === undefined ? null : (
          <p role="status">{fill(t.answersHere, { name: nameOf(here.best), share: Math.round(100 * here.share) })}</p>
        )}
      </div>
      <div className={styles['column']}>
        <h3>{t.scoreMap}</h3>
        <div
          className={styles['answers']}
          style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
          role="group"
          aria-label={t.scoreMap}
        >
          {answers.map(({ best, share }, place) => {
            const cell = { row: Math.floor(place / columns), column: place % columns };
            return (
              <button
                key={place}
                type="button"
                aria-pressed={cell.row === at.row && cell.column === at.column}
                aria-label={`${t.row} ${cell.row + 1}, ${t.column} ${cell.column + 1}: ${nameOf(best)}, ${Math.round(100 * share)} %`}
                data-sure={share > 0.9 ? true : undefined}
                onClick={() => setAt(cell)}
                onPointerEnter={(event) => (event.pointerType === 'mouse' ? setAt(cell) : undefined)}
              >
                {nameOf(best)}
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}
