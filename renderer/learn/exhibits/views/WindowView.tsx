import { useMemo, useState } from 'react';
import { nodesOfRole } from '../../../../shared/learn/exhibits/exhibit';
import { windowQuestion } from '../../../../shared/learn/exhibits/window';
import { windowAxesOf, windowSum } from '../../../../shared/learn/exhibits/windowSum';
import type { Tap } from '../../../../shared/learn/exhibits/windowSum';
import { resolvePadding, windowSpan } from '../../../../shared/layers/arithmetic';
import { planeCount, planeOf } from '../../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../../shared/ops/tensor';
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

type Visited = { readonly of: string; readonly cells: ReadonlySet<number> };

/** A window dragged over a picture: patch × kernel = one number. */
export function WindowView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('learn');
  const convs = useMemo(() => nodesOfRole(network.analysis, 'convolution'), [network.analysis]);
  const [chosen, setChosen] = useState<string | null>(null);
  const id = chosen !== null && convs.includes(chosen) ? chosen : (convs[0] ?? '');
  const source = sourceOf(network.document, id) ?? '';
  const [sample, changeSample] = useSample();
  const [filter, setFilter] = useState(0);
  /** Null until it is moved: it begins in the middle, where pictures have something to see. */
  const [place, setPlace] = useState<Cell | null>(null);
  const [channel, setChannel] = useState(0);
  const [visited, setVisited] = useState<Visited>({ of: '', cells: new Set() });
  const samples = samplesOf(sample, network.spec);
  const looked = useInspection(
    samples === null
      ? null
      : questionOf(network, {
          samples,
          nodes: [...new Set([...network.analysis.inputs, source, id])],
          weights: [`${id}/kernel`, `${id}/bias`],
        }),
  );
  const found = looked.value;
  const node = network.analysis.nodes.get(id);
  const [input, output] = [found?.nodes[source], found?.nodes[id]];
  const kernel = found?.weights[`${id}/kernel`];
  const shownOf = `${id} ${filter} ${sample.source} ${sample.index}`;
  const cells = visited.of === shownOf ? visited.cells : new Set<number>();
  const [, height = 1, width = 1, filters = 1] = output?.shape ?? [];
  const at = {
    filter: Math.min(filter, filters - 1),
    row: Math.min(place?.row ?? Math.floor(height / 2), height - 1),
    column: Math.min(place?.column ?? Math.floor(width / 2), width - 1),
  };
  const move = ({ row, column }: Cell): void => {
    const next = { row: Math.max(0, Math.min(height - 1, row)), column: Math.max(0, Math.min(width - 1, column)) };
    setPlace(next);
    setVisited({ of: shownOf, cells: new Set([...cells, next.row * width + next.column]) });
  };
  const result =
    node === undefined || input === undefined || kernel === undefined
      ? null
      : windowSum(node, input, { kernel, bias: found?.weights[`${id}/bias`] }, at);
  return (
    <>
      <div className={styles['controls']}>
        <NodeSelect nodes={convs} value={id} onChange={setChosen} />
        <IndexField label={t.filter} value={at.filter} count={filters} onChange={setFilter} />
        <IndexField label={t.row} value={at.row} count={height} onChange={(row) => move({ ...at, row })} />
        <IndexField label={t.column} value={at.column} count={width} onChange={(column) => move({ ...at, column })} />
        {input !== undefined && planeCount(input) > 1 ? (
          <IndexField label={t.channel} value={channel} count={planeCount(input)} onChange={setChannel} />
        ) : null}
      </div>
      <Failures diagnostics={looked.diagnostics} />
      <div className={styles['columns']}>
        <SamplePicker
          network={network}
          sample={sample}
          onChange={changeSample}
          found={found}
          shape={inputShapeOf(network.analysis)}
        />
        {input === undefined || node === undefined ? null : (
          <div className={styles['column']}>
            <h3>{t.window}</h3>
            <Board
              node={node}
              input={input}
              channel={Math.min(channel, planeCount(input) - 1)}
              at={at}
              onMove={move}
              label={t.window}
            />
          </div>
        )}
        {result === null ? null : (
          <div className={styles['column']}>
            <Numbers
              taps={result.taps}
              channel={Math.min(channel, (input === undefined ? 1 : planeCount(input)) - 1)}
            />
            <p className={styles['muted']}>
              {fill(t.sumOf, { count: result.taps.length })} ({t.bias} {shortNumber(result.bias, 3)})
            </p>
            <p className={styles['result']}>= {shortNumber(result.sum, 3)}</p>
          </div>
        )}
        {output === undefined ? null : (
          <div className={styles['column']}>
            <h3>{t.featureMap}</h3>
            <Uncovered output={output} filter={at.filter} cells={cells} at={at} onMove={move} label={t.featureMap} />
            <p className={styles['muted']}>
              {fill(t.visited, { share: Math.round((100 * cells.size) / (height * width)) })}
            </p>
          </div>
        )}
      </div>
      {output === undefined || cells.size === 0 ? null : (
        <QuestionCard exhibit={exhibit} question={windowQuestion(output, at)} />
      )}
    </>
  );
}

type Place = { readonly filter: number; readonly row: number; readonly column: number };

type BoardProps = {
  readonly node: Parameters<typeof windowSum>[0];
  readonly input: HostTensor;
  readonly channel: number;
  readonly at: Place;
  readonly onMove: (cell: Cell) => void;
  readonly label: string;
};

/** The picture with the window on it, which is dragged by its middle. */
export function Board({ node, input, channel, at, onMove, label }: BoardProps) {
  const planes = useMemo(() => [planeOf(input, 0, channel)], [input, channel]);
  const axes = windowAxesOf(node);
  if (axes === null) return null;
  const [rows, columns] = axes;
  const spans = [windowSpan(rows.size, rows.dilation), windowSpan(columns.size, columns.dilation)] as const;
  const before = [resolvePadding(rows)?.[0] ?? 0, resolvePadding(columns)?.[0] ?? 0] as const;
  const corner = [at.row * rows.stride - before[0], at.column * columns.stride - before[1]] as const;
  return (
    <PlaneView
      planes={planes}
      label={label}
      className={styles['large'] ?? ''}
      onPick={({ row, column }) =>
        onMove({
          row: Math.round((row + before[0] - (spans[0] - 1) / 2) / rows.stride),
          column: Math.round((column + before[1] - (spans[1] - 1) / 2) / columns.stride),
        })
      }
    >
      <rect className={styles['mark']} x={corner[1]} y={corner[0]} width={spans[1]} height={spans[0]} />
    </PlaneView>
  );
}

/** Patch, kernel and products of one channel; as numbers where they can be read. */
function Numbers({ taps, channel }: { readonly taps: readonly Tap[]; readonly channel: number }) {
  const { t } = useText('learn');
  const own = taps.filter((tap) => tap.channel === channel);
  const shown = own.length > 0 ? own : taps;
  const lines = [...new Set(shown.map(({ row }) => row))];
  const gridOf = (value: (tap: Tap) => number) => lines.map((row) => shown.filter((tap) => tap.row === row).map(value));
  return (
    <>
      <h3>{t.patch}</h3>
      <NumberGrid label={t.patch} rows={gridOf(({ value }) => value)} />
      <h3>× {t.kernel}</h3>
      <NumberGrid label={t.kernel} rows={gridOf(({ weight }) => weight)} />
    </>
  );
}

type UncoveredProps = {
  readonly output: HostTensor;
  readonly filter: number;
  readonly cells: ReadonlySet<number>;
  readonly at: Place;
  readonly onMove: (cell: Cell) => void;
  readonly label: string;
};

/** The feature map, of which the window has to uncover what it shows. */
export function Uncovered({ output, filter, cells, at, onMove, label }: UncoveredProps) {
  const plane = useMemo(() => planeOf(output, 0, filter), [output, filter]);
  const planes = useMemo(
    () => [{ ...plane, values: plane.values.map((value, cell) => (cells.has(cell) ? value : 0)) }],
    [plane, cells],
  );
  const reach = useMemo(() => Math.max(...plane.values.map(Math.abs)), [plane]);
  return (
    <PlaneView planes={planes} reach={reach} label={label} className={styles['large'] ?? ''} onPick={onMove}>
      <rect className={styles['mark']} x={at.column} y={at.row} width={1} height={1} />
    </PlaneView>
  );
}
