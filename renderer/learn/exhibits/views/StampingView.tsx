import { useMemo, useState } from 'react';
import {
  coverageOf,
  stampNetwork,
  stampSide,
  stampWeights,
  stampingQuestion,
  upConvWindows,
} from '../../../../shared/learn/exhibits/stamping';
import { planeOf } from '../../../../shared/ops/featureMaps';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import { useInspection } from '../../../maps/useInspection';
import { Button, Failures, NumberField, Slider } from '../../../ui';
import { QuestionCard } from '../QuestionCard';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

const places = stampSide * stampSide;
const every = Float32Array.from({ length: places }, () => 1);
/** Where it begins: sizes that leave a checkerboard. */
const uneven = { kernel: 3, stride: 2 } as const;
const most = { kernel: 6, stride: 3 } as const;
const uncounted = { least: 0, most: 1 } as const;
/** How many stamps lie there at first: two rows show what overlaps. */
const begun = 2 * stampSide;

/** An up-conv lays its stamps, and the pattern that stays. */
export function StampingView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('exhibits');
  const [{ kernel, stride }, setSizes] = useState<{ readonly kernel: number; readonly stride: number }>(uneven);
  const [laid, setLaid] = useState(begun);
  const values = useMemo(() => Float32Array.from({ length: places }, (_, at) => (at < laid ? 1 : 0)), [laid]);
  const document = useMemo(() => stampNetwork(kernel, stride), [kernel, stride]);
  const put = useMemo(() => stampWeights(kernel), [kernel]);
  const of = { document, model: null, seed: 1 };
  const some = useInspection(questionOf(of, { samples: { from: 'values', values }, nodes: ['up'], weights: [], put }));
  const all = useInspection(
    questionOf(of, { samples: { from: 'values', values: every }, nodes: ['up'], weights: [], put }),
  );
  const stamped = some.value?.nodes['up'];
  const whole = all.isWaiting ? undefined : all.value?.nodes['up'];
  const coverage = whole === undefined ? null : coverageOf(whole, kernel);
  const small = useMemo(() => ({ height: stampSide, width: stampSide, values }), [values]);
  const large = useMemo(() => (stamped === undefined ? null : planeOf(stamped, 0, 0)), [stamped]);
  const reach = whole === undefined ? 1 : Math.max(1, ...whole.data);
  const last = laid === 0 ? null : { row: Math.floor((laid - 1) / stampSide), column: (laid - 1) % stampSide };
  return (
    <>
      <div className={styles['controls']}>
        <NumberField
          label={t.kernelSide}
          value={kernel}
          min={1}
          max={most.kernel}
          isInteger
          onChange={(value) => setSizes({ kernel: value, stride })}
        />
        <NumberField
          label={t.stride}
          value={stride}
          min={1}
          max={most.stride}
          isInteger
          onChange={(value) => setSizes({ kernel, stride: value })}
        />
        <Slider label={t.stamps} value={laid} min={0} max={places} said={`${laid} / ${places}`} onChange={setLaid} />
      </div>
      <div className={styles['controls']}>
        {upConvWindows(network.analysis)
          .filter((window) => window.kernel <= most.kernel && window.stride <= most.stride)
          .map((window) => (
            <Button key={window.node} size="sm" onClick={() => setSizes(window)}>
              {fill(t.ofNetwork, window)}
            </Button>
          ))}
      </div>
      <Failures diagnostics={[...some.diagnostics, ...all.diagnostics]} />
      <div className={styles['columns']}>
        <div className={styles['column']}>
          <h3>{fill(t.smallMap, { count: laid, all: places })}</h3>
          <PlaneView
            planes={[small]}
            reach={1}
            label={fill(t.smallMap, { count: laid, all: places })}
            className={styles['modest'] ?? ''}
            onPick={({ row, column }) => setLaid(row * stampSide + column + 1)}
          />
        </div>
        {large === null ? null : (
          <div className={styles['column']}>
            <h3>{t.stamped}</h3>
            <PlaneView planes={[large]} reach={reach} label={t.stamped} className={styles['modest'] ?? ''}>
              {last === null ? null : (
                <rect
                  className={styles['mark']}
                  x={last.column * stride}
                  y={last.row * stride}
                  width={kernel}
                  height={kernel}
                />
              )}
            </PlaneView>
            {coverage === null ? null : <p role="status">{fill(t.covered, coverage)}</p>}
          </div>
        )}
      </div>
      {/* Always there, so that it sees how it comes to be done: while the engine counts, nothing is. */}
      <QuestionCard exhibit={exhibit} question={stampingQuestion(kernel, stride, coverage ?? uncounted)} />
    </>
  );
}
