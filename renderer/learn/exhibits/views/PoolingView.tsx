import { useMemo, useState } from 'react';
import { nodesOfRole } from '../../../../shared/learn/exhibits/exhibit';
import { poolingModes, poolingNetwork, poolingQuestion } from '../../../../shared/learn/exhibits/pooling';
import { findLayer } from '../../../../shared/layers';
import { planeCount, planeOf } from '../../../../shared/ops/featureMaps';
import type { Plane } from '../../../../shared/ops/featureMaps';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import type { Cell } from '../../../maps/PlaneView';
import { samplesOf, useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { useInspection } from '../../../maps/useInspection';
import { Failures, IndexField } from '../../../ui';
import { NodeSelect } from '../NodeSelect';
import { NumberGrid, shortNumber } from '../NumberGrid';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import type { ExhibitViewProps } from '../view';
import { sourceOf } from '../wiring';
import styles from '../exhibits.module.css';
import { Dots } from './Dots';

/** What each way of pooling is called. */
export function useModeName(): (mode: string) => string {
  const { pick } = useText('learn');
  const field = findLayer('pool')?.params['mode'];
  const labels = field?.type === 'choice' ? field.labels : undefined;
  return (mode) => {
    const label = labels?.[mode];
    return label === undefined ? mode : pick(label);
  };
}

/** One map of the network into three pools by the engine itself; `null` until it is computed. */
export function usePooled(map: Plane | null, poolSize: number): Readonly<Record<string, Plane>> | null {
  const document = useMemo(
    () => (map === null ? null : poolingNetwork(map.height, map.width, poolSize)),
    [map, poolSize],
  );
  const { value } = useInspection(
    document === null || map === null
      ? null
      : questionOf(
          { document, model: null, seed: 1 },
          { samples: { from: 'values', values: map.values }, weights: [] },
        ),
  );
  return useMemo(() => {
    if (value === null) return null;
    return Object.fromEntries(
      poolingModes.flatMap((mode) => {
        const tensor = value.nodes[mode];
        return tensor === undefined ? [] : [[mode, planeOf(tensor, 0, 0)]];
      }),
    );
  }, [value]);
}

/** The window with the most in it: there the ways of pooling differ, and in an empty one they do not. */
function fullestWindow(map: Plane | null, size: number): Cell {
  let best = { row: 0, column: 0, sum: -Infinity };
  if (map === null) return best;
  for (let row = 0; row < Math.floor(map.height / size); row++) {
    for (let column = 0; column < Math.floor(map.width / size); column++) {
      let sum = 0;
      for (let at = 0; at < size * size; at++) {
        sum += map.values[(row * size + Math.floor(at / size)) * map.width + column * size + (at % size)] ?? 0;
      }
      if (sum > best.sum) best = { row, column, sum };
    }
  }
  return best;
}

/** What max, L2 and average pooling keep of one map. */
export function PoolingView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('learn');
  const pools = useMemo(() => nodesOfRole(network.analysis, 'pooling'), [network.analysis]);
  const [chosen, setChosen] = useState<string | null>(null);
  const id = chosen !== null && pools.includes(chosen) ? chosen : (pools[0] ?? '');
  const source = sourceOf(network.document, id) ?? '';
  const [sample, changeSample] = useSample();
  const [channel, setChannel] = useState(0);
  const [place, setPlace] = useState<Cell | null>(null);
  const samples = samplesOf(sample, network.spec);
  const looked = useInspection(
    samples === null
      ? null
      : questionOf(network, { samples, nodes: [...new Set([...network.analysis.inputs, source])], weights: [] }),
  );
  const maps = looked.value?.nodes[source];
  const count = maps === undefined ? 1 : planeCount(maps);
  const map = useMemo(
    () => (maps?.shape.length === 4 ? planeOf(maps, 0, Math.min(channel, count - 1)) : null),
    [maps, channel, count],
  );
  const given = network.analysis.nodes.get(id)?.params?.['poolSize'];
  const size = Array.isArray(given) && typeof given[0] === 'number' ? given[0] : 2;
  const pooled = usePooled(map, size);
  const nameOf = useModeName();
  const [rows, columns] = [Math.floor((map?.height ?? size) / size), Math.floor((map?.width ?? size) / size)];
  const start = useMemo(() => fullestWindow(map, size), [map, size]);
  const wanted = place ?? start;
  const at = { row: Math.min(wanted.row, rows - 1), column: Math.min(wanted.column, columns - 1) };
  const under = Array.from({ length: size }, (_, y) =>
    Array.from(
      { length: size },
      (_unused, x) => map?.values[(at.row * size + y) * map.width + at.column * size + x] ?? 0,
    ),
  );
  const valueOf = (mode: string): number => pooled?.[mode]?.values[at.row * columns + at.column] ?? 0;
  return (
    <>
      <div className={styles['controls']}>
        <NodeSelect nodes={pools} value={id} onChange={setChosen} />
        <IndexField label={t.channel} value={Math.min(channel, count - 1)} count={count} onChange={setChannel} />
        <IndexField label={t.row} value={at.row} count={rows} onChange={(row) => setPlace({ ...at, row })} />
        <IndexField
          label={t.column}
          value={at.column}
          count={columns}
          onChange={(column) => setPlace({ ...at, column })}
        />
      </div>
      <Failures diagnostics={looked.diagnostics} />
      <div className={styles['columns']}>
        <SamplePicker
          network={network}
          sample={sample}
          onChange={changeSample}
          found={looked.value}
          shape={inputShapeOf(network.analysis)}
        />
        {map === null ? null : (
          <div className={styles['column']}>
            <h3>{t.before}</h3>
            <PlaneView
              planes={[map]}
              label={t.before}
              className={styles['large'] ?? ''}
              onPick={({ row, column }) => setPlace({ row: Math.floor(row / size), column: Math.floor(column / size) })}
            >
              <rect className={styles['mark']} x={at.column * size} y={at.row * size} width={size} height={size} />
            </PlaneView>
            <NumberGrid label={t.window} rows={under} />
          </div>
        )}
        {poolingModes.map((mode) => {
          const plane = pooled?.[mode];
          return plane === undefined ? null : (
            <div key={mode} className={styles['column']}>
              <h3>{fill(t.pooled, { mode: nameOf(mode), value: shortNumber(valueOf(mode)) })}</h3>
              <PlaneView planes={[plane]} label={nameOf(mode)} className={styles['large'] ?? ''} onPick={setPlace}>
                <rect className={styles['mark']} x={at.column} y={at.row} width={1} height={1} />
              </PlaneView>
            </div>
          );
        })}
      </div>
      {pooled === null ? null : (
        <QuestionCard
          exhibit={exhibit}
          question={poolingQuestion(under.flat(), { max: valueOf('max'), l2: valueOf('l2'), avg: valueOf('avg') })}
        />
      )}
      <Dots />
    </>
  );
}
