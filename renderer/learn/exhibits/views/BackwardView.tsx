import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { askedNode, backwardQuestion, backwardSteps } from '../../../../shared/learn/exhibits/backward';
import { sumOf, termsAt } from '../../../../shared/learn/exhibits/chainRule';
import { planeCount, planeOf } from '../../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../../shared/ops/tensor';
import type { Inspection } from '../../../../shared/host/api';
import { fill, useText } from '../../../i18n';
import { folded, reachOf } from '../../../maps/colours';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import type { Cell } from '../../../maps/PlaneView';
import { useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { useInspection } from '../../../maps/useInspection';
import { Button, Failures, IndexField } from '../../../ui';
import { figure, shortNumber } from '../NumberGrid';
import { QuestionCard } from '../QuestionCard';
import type { ExhibitViewProps } from '../view';
import { sourceOf } from '../wiring';
import styles from '../exhibits.module.css';

/** Pictures in the batch. */
const batch = 4;
/** As many terms of a sum as are printed. */
const mostTerms = 6;

/** One batch forward to the loss and back, node by node, with the chain rule in numbers. */
export function BackwardView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('learn');
  const [sample, changeSample] = useSample();
  const [step, setStep] = useState(0);
  const [picked, setPicked] = useState<{ readonly of: string; readonly cell: Cell; readonly channel: number } | null>(
    null,
  );
  const steps = useMemo(() => backwardSteps(network.analysis.order), [network.analysis]);
  const current = steps[Math.min(step, steps.length - 1)] ?? { node: '', way: 'forward' as const };
  const source = sourceOf(network.document, current.node) ?? null;
  const shape = network.analysis.nodes.get(source ?? '')?.outputShape ?? [];
  const [known, setKnown] = useState<Inspection | null>(null);
  const behind = known?.gradients[source ?? ''];
  const start = useMemo(() => telling(behind), [behind]);
  const place = placeIn(shape, picked !== null && picked.of === source ? picked : start);
  const at = place.reduce((sum, index, axis) => sum * (shape[axis] ?? 1) + index, 0);
  const isBack = current.way === 'backward' && source !== null;
  const looked = useInspection(
    questionOf(network, {
      mode: 'train',
      samples: {
        from: 'data',
        spec: network.spec,
        part: 'train',
        indices: Array.from({ length: batch }, (_, offset) => sample.index + offset),
      },
      backward: { of: 'loss' },
      ...(isBack ? { slope: { of: 'node', name: source, at } } : {}),
    }),
  );
  const found = looked.value;
  // Without the place that is tried: where to begin follows from the gradients, and the next question from that.
  if (found !== null && known?.gradients !== found.gradients && !isSame(known, found)) setKnown(found);
  return (
    <>
      <div className={styles['controls']}>
        <Button
          size="sm"
          icon={<ChevronLeft size={15} aria-hidden />}
          disabled={step === 0}
          onClick={() => setStep(step - 1)}
        >
          {t.stepBack}
        </Button>
        <Button
          size="sm"
          variant="primary"
          icon={<ChevronRight size={15} aria-hidden />}
          disabled={step >= steps.length - 1}
          onClick={() => setStep(step + 1)}
        >
          {t.stepOn}
        </Button>
        <span role="status">
          {current.way === 'forward' ? t.forward : t.backward}: <b>{current.node}</b>
        </span>
        {found?.target == null ? null : (
          <span className="figures">{fill(t.lossOf, { count: batch, loss: shortNumber(found.target, 4) })}</span>
        )}
      </div>
      <Failures diagnostics={looked.diagnostics} />
      {found === null ? null : (
        <>
          <Stations {...{ found, steps, step }} onChoose={setStep} />
          <div className={styles['columns']}>
            <SamplePicker network={network} sample={sample} onChange={changeSample} found={found} shape={null} />
            {isBack ? (
              <Back
                exhibit={exhibit}
                network={network}
                found={found}
                node={current.node}
                source={source}
                place={place}
                isPicked={picked?.of === source}
                onPick={(cell, channel) => setPicked({ of: source, cell, channel })}
              />
            ) : (
              <Pictures tensor={found.nodes[current.node]} title={t.values} />
            )}
          </div>
        </>
      )}
    </>
  );
}

/** Whether two looks were at the same samples with the same weights: then their gradients are the same. */
function isSame(a: Inspection | null, b: Inspection): boolean {
  return a !== null && a.target === b.target && a.labels?.join() === b.labels?.join();
}

/** Where a gradient is large enough to be tried, and not the largest: to find that is left to the reader. */
function telling(gradient: HostTensor | undefined): { readonly cell: Cell; readonly channel: number } {
  if (gradient === undefined) return { cell: { row: 0, column: 0 }, channel: 0 };
  const count = gradient.data.length / (gradient.shape[0] ?? 1);
  const own = [...gradient.data.subarray(0, count)].map((value, at) => ({ size: Math.abs(value), at }));
  const [first, second] = own.toSorted((a, b) => b.size - a.size);
  const at = (second ?? first)?.at ?? 0;
  if (gradient.shape.length !== 4) return { cell: { row: Math.floor(at / 32), column: at % 32 }, channel: 0 };
  const [, , width = 1, channels = 1] = gradient.shape;
  const place = Math.floor(at / channels);
  return { cell: { row: Math.floor(place / width), column: place % width }, channel: at % channels };
}

/** The place of a picked cell in a shape, within its bounds. */
function placeIn(
  shape: readonly (number | null)[],
  { cell, channel }: { readonly cell: Cell; readonly channel: number },
): readonly number[] {
  const within = (value: number, size: number | null | undefined): number => Math.min(value, (size ?? 1) - 1);
  if (shape.length === 3) {
    return [within(cell.row, shape[0]), within(cell.column, shape[1]), within(channel, shape[2])];
  }
  // A long vector is drawn in lines of 32.
  const [length] = shape;
  return [within((length ?? 1) > 32 ? cell.row * 32 + cell.column : cell.column, length)];
}

type StationsProps = {
  readonly found: Inspection;
  readonly steps: ReturnType<typeof backwardSteps>;
  readonly step: number;
  readonly onChoose: (step: number) => void;
};

/** Every node of the pass: its values on the way forward, its gradients on the way back. */
function Stations({ found, steps, step, onChoose }: StationsProps) {
  const { t } = useText('learn');
  return (
    <div className={styles['strip']} role="group" aria-label={t.node}>
      {steps.map(({ node, way }, index) => {
        const tensor = way === 'forward' ? found.nodes[node] : found.gradients[node];
        return (
          <button
            key={`${way} ${node}`}
            type="button"
            className={styles['station']}
            aria-pressed={index === step}
            aria-label={`${way === 'forward' ? t.forward : t.backward}: ${node}`}
            data-later={index > step ? true : undefined}
            onClick={() => onChoose(index)}
          >
            <PlaneView planes={tensor === undefined ? [] : [folded(planeOf(tensor, 0, 0))]} label={node} />
            <span>
              {way === 'forward' ? '→' : '←'} {node}
            </span>
          </button>
        );
      })}
    </div>
  );
}

/** Some maps of a tensor. */
function Pictures({ tensor, title }: { readonly tensor: HostTensor | undefined; readonly title: string }) {
  const planes = useMemo(
    () =>
      tensor === undefined
        ? []
        : Array.from({ length: Math.min(32, planeCount(tensor)) }, (_, channel) => folded(planeOf(tensor, 0, channel))),
    [tensor],
  );
  const reach = useMemo(() => reachOf(tensor?.data ?? []), [tensor]);
  return (
    <div className={styles['column']} style={{ gridColumn: 'span 2' }}>
      <h3>{title}</h3>
      <div className={styles['maps']} tabIndex={0} role="group" aria-label={title}>
        {planes.map((plane, channel) => (
          <PlaneView key={channel} planes={[plane]} reach={reach} label={`${channel + 1}`} />
        ))}
      </div>
    </div>
  );
}

type BackProps = ExhibitViewProps & {
  readonly found: Inspection;
  readonly node: string;
  readonly source: string;
  readonly place: readonly number[];
  readonly isPicked: boolean;
  readonly onPick: (cell: Cell, channel: number) => void;
};

/** The chain rule through one node, at the value that is picked of what goes into it. */
function Back({ exhibit, network, found, node, source, place, isPicked, onPick }: BackProps) {
  const { t } = useText('learn');
  const analysis = network.analysis.nodes.get(node);
  const [input, output, delta] = [found.nodes[source], found.nodes[node], found.gradients[node]];
  const gradient = found.gradients[source];
  const channel = place.length === 3 ? (place[2] ?? 0) : 0;
  const planes = useMemo(
    () => ({
      values: input === undefined ? null : folded(planeOf(input, 0, channel)),
      gradients: gradient === undefined ? null : folded(planeOf(gradient, 0, channel)),
    }),
    [input, gradient, channel],
  );
  const terms = useMemo(
    () =>
      analysis === undefined || input === undefined || output === undefined || delta === undefined
        ? null
        : termsAt({ node: analysis, input, output, delta, kernel: found.weights[`${node}/kernel`] }, place),
    [analysis, input, output, delta, found, node, place],
  );
  const cell =
    place.length === 3
      ? { row: place[0] ?? 0, column: place[1] ?? 0 }
      : {
          row: Math.floor((place[0] ?? 0) / (planes.values?.width ?? 1)),
          column: (place[0] ?? 0) % (planes.values?.width ?? 1),
        };
  const mark = <rect className={styles['mark']} x={cell.column} y={cell.row} width={1} height={1} />;
  const count = input === undefined ? 1 : planeCount(input);
  const flat = cell.row * (planes.gradients?.width ?? 1) + cell.column;
  const asked =
    planes.gradients === null || node !== askedNode(network.analysis)
      ? null
      : backwardQuestion(network.analysis, node, planes.gradients.values, isPicked ? flat : null);
  return (
    <>
      <div className={styles['column']}>
        <h3>{fill(t.pickValue, { node })}</h3>
        {planes.values === null ? null : (
          <PlaneView
            planes={[planes.values]}
            label={t.values}
            className={styles['large'] ?? ''}
            onPick={(picked) => onPick(picked, channel)}
          >
            {mark}
          </PlaneView>
        )}
        <div className={styles['controls']}>
          {count > 1 ? (
            <IndexField label={t.channel} value={channel} count={count} onChange={(value) => onPick(cell, value)} />
          ) : null}
          <IndexField
            label={t.row}
            value={cell.row}
            count={planes.values?.height ?? 1}
            onChange={(row) => onPick({ ...cell, row }, channel)}
          />
          <IndexField
            label={t.column}
            value={cell.column}
            count={planes.values?.width ?? 1}
            onChange={(column) => onPick({ ...cell, column }, channel)}
          />
        </div>
      </div>
      <div className={styles['column']}>
        <h3>{t.gradients}</h3>
        {planes.gradients === null ? null : (
          <PlaneView
            planes={[planes.gradients]}
            label={t.gradients}
            className={styles['large'] ?? ''}
            onPick={(picked) => onPick(picked, channel)}
          >
            {mark}
          </PlaneView>
        )}
      </div>
      <div className={styles['column']}>
        {terms === null ? <p className={styles['muted']}>{t.noRule}</p> : <Terms terms={terms} />}
        {found.slope === null ? null : (
          <>
            <p className="figures">{fill(t.engineSays, { gradient: figure(found.slope.gradient) })}</p>
            <p className="figures">
              {fill(Math.abs(found.slope.gradient) > found.slope.noise ? t.triedBy : t.tooSmall, {
                step: figure(found.slope.step, 2),
                slope: figure(found.slope.slope),
                noise: figure(found.slope.noise, 2),
              })}
            </p>
          </>
        )}
      </div>
      {asked === null ? null : (
        <div className={styles['wide']}>
          <QuestionCard exhibit={exhibit} question={asked} />
        </div>
      )}
    </>
  );
}

/** The largest ways by which a value moves the loss. */
function Terms({ terms }: { readonly terms: NonNullable<ReturnType<typeof termsAt>> }) {
  const { t } = useText('learn');
  if (terms.length === 0) return <p>{t.noTerm}</p>;
  const largest = terms
    .toSorted((a, b) => Math.abs(b.slope * b.delta) - Math.abs(a.slope * a.delta))
    .slice(0, mostTerms);
  return (
    <>
      <p className={styles['muted']}>{fill(t.terms, { count: terms.length })}</p>
      <ol className={styles['terms']}>
        {largest.map(({ at, slope, delta }) => (
          <li key={at.join()} className="figures">
            [{at.map((index) => index + 1).join(', ')}]{' '}
            {fill(t.term, { slope: shortNumber(slope, 3), delta: figure(delta, 3) })}
          </li>
        ))}
      </ol>
      {terms.length > mostTerms || terms.length > 1 ? (
        <p className="figures">{fill(t.chainSum, { sum: figure(sumOf(terms)) })}</p>
      ) : null}
    </>
  );
}
