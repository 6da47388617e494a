import { useEffect, useMemo, useState } from 'react';
import { nodesOfRole } from '../../../../shared/learn/exhibits/exhibit';
import { countSharing, sharingQuestion } from '../../../../shared/learn/exhibits/sharing';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { samplesOf, useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { useInspection } from '../../../maps/useInspection';
import { Button, Failures, formatCount, Slider } from '../../../ui';
import { NodeSelect } from '../NodeSelect';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import type { ExhibitViewProps } from '../view';
import { sourceOf } from '../wiring';
import styles from '../exhibits.module.css';
import { Board, Uncovered } from './WindowView';

/** How long the window stays at a stop, and how many stops it makes at a time so that the way takes some ten seconds. */
const tickMs = 60;
const ticks = 160;

/** Weight sharing, counted while the window slides. */
export function SharingView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('exhibits');
  const { t: common } = useText('learn');
  const convs = useMemo(() => nodesOfRole(network.analysis, 'convolution'), [network.analysis]);
  const [chosen, setChosen] = useState<string | null>(null);
  const id = chosen !== null && convs.includes(chosen) ? chosen : (convs[0] ?? '');
  const source = sourceOf(network.document, id) ?? '';
  const node = network.analysis.nodes.get(id);
  const count = node === undefined ? null : countSharing(node);
  const [sample, changeSample] = useSample();
  const [stop, setStop] = useState(0);
  const [isSliding, setSliding] = useState(false);
  const stops = count?.stops ?? 1;
  const at = Math.min(stop, stops - 1);
  const isAtEnd = at === stops - 1;
  useEffect(() => {
    if (!isSliding || isAtEnd) return undefined;
    const timer = setTimeout(() => setStop(Math.min(stops - 1, at + Math.ceil(stops / ticks))), tickMs);
    return () => clearTimeout(timer);
  }, [isSliding, isAtEnd, at, stops]);
  const samples = samplesOf(sample, network.spec);
  const nodes = [...new Set([...network.analysis.inputs, source, id])];
  const looked = useInspection(samples === null ? null : questionOf(network, { samples, nodes, weights: [] }));
  const [input, output] = [looked.value?.nodes[source], looked.value?.nodes[id]];
  const [, , width = 1] = output?.shape ?? [];
  const place = { filter: 0, row: Math.floor(at / width), column: at % width };
  const cells = useMemo(() => new Set(Array.from({ length: at + 1 }, (_, cell) => cell)), [at]);
  const rows =
    count === null
      ? []
      : [
          [t.connections, (at + 1) * count.taps],
          [t.learnedShared, count.shared],
          [t.learnedSeparate, (at + 1) * count.shared],
          [t.learnedConnected, ((at + 1) * count.connected) / count.stops],
        ];
  return (
    <>
      <div className={styles['controls']}>
        <NodeSelect nodes={convs} value={id} onChange={setChosen} />
        <Slider
          label={t.stop}
          value={at}
          min={0}
          max={stops - 1}
          said={fill(t.stopOf, { at: formatCount(at + 1), all: formatCount(stops) })}
          onChange={setStop}
        />
        <Button
          size="sm"
          onClick={() => {
            if (isAtEnd) setStop(0);
            setSliding(isAtEnd || !isSliding);
          }}
        >
          {isSliding && !isAtEnd ? t.pause : t.slide}
        </Button>
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
        {input === undefined || output === undefined || node === undefined ? null : (
          <>
            <div className={styles['column']}>
              <h3>{common.window}</h3>
              <Board
                node={node}
                input={input}
                channel={0}
                at={place}
                onMove={({ row, column }) =>
                  setStop(Math.max(0, Math.min(stops - 1, row * width + Math.max(0, Math.min(width - 1, column)))))
                }
                label={common.window}
              />
            </div>
            <div className={styles['column']}>
              <h3>{common.featureMap}</h3>
              <Uncovered
                output={output}
                filter={0}
                cells={cells}
                at={place}
                onMove={({ row, column }) => setStop(row * width + column)}
                label={common.featureMap}
              />
            </div>
          </>
        )}
        <dl className={styles['counts']}>
          {rows.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="figures">{formatCount(Number(value))}</dd>
            </div>
          ))}
        </dl>
      </div>
      {count === null ? null : <QuestionCard exhibit={exhibit} question={sharingQuestion(count)} />}
    </>
  );
}
