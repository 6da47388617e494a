import { useMemo, useState } from 'react';
import { text } from '../../shared/text';
import { classMap, kernelPlane, planeCount, planeOf } from '../../shared/ops/featureMaps';
import type { Plane } from '../../shared/ops/featureMaps';
import { indexOfLargest } from '../../shared/ops/tensor';
import type { HostTensor } from '../../shared/ops/tensor';
import type { Inspection } from '../../shared/host/api';
import { keptPlaces } from '../../shared/learn/exhibits/pooling';
import type { NodeAnalysis } from '../../shared/analysis/types';
import { en, zh } from '../i18n/maps';
import { fill, useText } from '../i18n';
import { useSession } from '../session';
import { EmptyState, Failures, formatShape, Segments, Select } from '../ui';
import { sourceOf } from '../learn/exhibits/wiring';
import { inputShapeOf } from '../learn/exhibits/shapes';
import { folded, reachOf } from './colours';
import { questionOf, useChosenOutput, useInspected } from './inspected';
import type { Inspected } from './inspected';
import { MapOverPicture } from './MapOverPicture';
import { picturePlanes } from './picture';
import { MapDetail } from './MapDetail';
import { MapTiles } from './MapTiles';
import { NearestView } from './NearestView';
import { EmbeddingView } from './EmbeddingView';
import { samplesOf, useSample } from './sample';
import { SamplePicker } from './SamplePicker';
import { ScoreBars } from './ScoreBars';
import { useShownNodes } from './shownNode';
import { useInspection } from './useInspection';
import type { Looked } from './useInspection';
import { canOcclude, useOcclusion } from './useOcclusion';
import styles from './maps.module.css';

/** What of a node is shown. */
type View = 'values' | 'gradient' | 'filters' | 'classMap' | 'occlusion' | 'kept';

const viewNames = {
  values: text(en.values, zh.values),
  gradient: text(en.gradient, zh.gradient),
  filters: text(en.filters, zh.filters),
  classMap: text(en.classMap, zh.classMap),
  occlusion: text(en.occlusion, zh.occlusion),
  kept: text(en.kept, zh.kept),
} as const satisfies Record<View, unknown>;

/** Beyond this many values and parameters a look asks for one node alone. */
const mostValues = 4_000_000;

/** The tab of the dock that looks inside: the network's picture at the left, the selected node in the middle, one of its maps at the right. */
export function InsidePanel() {
  const { t } = useText('maps');
  const { id } = useSession();
  const network = useInspected();
  const nodes = useShownNodes();
  if (!network.analysis.ok || network.analysis.order.length === 0) {
    return <EmptyState title={t.nothing} hint={t.nothingHint} />;
  }
  return <Inside key={id} network={network} nodes={nodes} />;
}

function isLarge({ analysis }: Inspected): boolean {
  return analysis.totals.activationBytes / 4 + analysis.totals.params > mostValues;
}

/** Which views a node has. */
function viewsOf(node: NodeAnalysis | undefined, hasScores: boolean): readonly View[] {
  const isMap = node?.outputShape?.length === 3;
  const hasKernel = node?.weights.some(({ name, shape }) => name === 'kernel' && shape.length === 4) === true;
  const keeps = node?.params?.['mode'] === 'max' && node.definition?.traits.maximaOf !== undefined;
  return [
    'values',
    ...(keeps ? (['kept'] as const) : []),
    ...(hasKernel ? (['filters'] as const) : []),
    'gradient',
    ...(isMap ? (['classMap'] as const) : []),
    ...(isMap && hasScores ? (['occlusion'] as const) : []),
  ];
}

type InsideProps = { readonly network: Inspected; readonly nodes: readonly string[] };

/** What is looked at: one node, the nearest training pictures, or the whole set in a plane. */
type Mode = 'node' | 'nearest' | 'embedding';

const modeNames = {
  node: text(en.oneNode, zh.oneNode),
  nearest: text(en.nearest, zh.nearest),
  embedding: text(en.embedding, zh.embedding),
} as const satisfies Record<Mode, unknown>;

function Inside({ network, nodes }: InsideProps) {
  const { t, language } = useText('maps');
  const [sample, changeSample] = useSample();
  const [mode, setMode] = useState<Mode>('node');
  const [inner, setInner] = useState<string | null>(null);
  const [wanted, setView] = useState<View>('values');
  const [chosenClass, setClass] = useState<number | null>(null);
  const id = (inner !== null && nodes.includes(inner) ? inner : nodes.at(-1)) ?? null;
  const views = viewsOf(network.analysis.nodes.get(id ?? ''), canOcclude(network));
  const view = mode === 'node' && views.includes(wanted) ? wanted : 'values';
  const { looked: forward, answer } = useLook(network, { id, view, chosenClass });
  const found = forward.value;
  const classIndex = chosenClass ?? answer ?? 0;
  const occlusion = useOcclusion(network, view === 'occlusion' ? found : null, classIndex);
  const looked = view === 'occlusion' && found !== null ? occlusion.looked : forward;
  return (
    <div className={styles['inside']}>
      <div className={styles['side']}>
        <SamplePicker
          network={network}
          sample={sample}
          onChange={changeSample}
          found={found}
          shape={inputShapeOf(network.analysis)}
        />
        <OutputSelect network={network} />
        {answer === null ? null : (
          <p className={styles['muted']}>{fill(t.answers, { name: found?.classes[answer] ?? String(answer) })}</p>
        )}
        <WeightsNote network={network} looked={looked} />
      </div>
      <div className={styles['middle']}>
        <div className={styles['bar']}>
          <Segments label={t.mode} value={mode} choice={modeNames} language={language} onChange={setMode} />
        </div>
        <Failures diagnostics={looked.diagnostics} />
        {mode === 'nearest' ? <NearestView network={network} found={found} answer={answer} /> : null}
        {mode === 'embedding' ? <EmbeddingView network={network} /> : null}
        {mode === 'node' ? (
          <NodePane
            {...{ network, nodes, id, views, view, found, classIndex }}
            occluded={occlusion.plane}
            onInner={setInner}
            onView={setView}
            onClass={setClass}
          />
        ) : null}
      </div>
    </div>
  );
}

/** Which of several outputs answers. */
function OutputSelect({ network: { analysis, output } }: { readonly network: Inspected }) {
  const { t } = useText('maps');
  const [, choose] = useChosenOutput();
  const { outputs } = analysis;
  if (outputs.length < 2) return null;
  return (
    <Select
      label={t.output}
      value={output}
      items={outputs.map((id) => ({ value: id, label: fill(t.outputNamed, { id }) }))}
      onChange={choose}
    />
  );
}

/** Whose weights a look is with, and how it stands. */
function WeightsNote({ network, looked }: { readonly network: Inspected; readonly looked: Looked }) {
  const { t } = useText('maps');
  return (
    <>
      <p className={styles['muted']} role="status">
        {looked.isWaiting
          ? t.waiting
          : looked.weights === 'fresh'
            ? fill(t.fresh, { seed: network.seed })
            : looked.weights === 'misfit'
              ? t.misfit
              : t.trained}
      </p>
      {isLarge(network) ? <p className={styles['muted']}>{t.tooLarge}</p> : null}
    </>
  );
}

type NodePaneProps = InsideProps & {
  readonly id: string | null;
  readonly views: readonly View[];
  readonly view: View;
  readonly found: Inspection | null;
  readonly classIndex: number;
  readonly occluded: Plane | null;
  readonly onInner: (id: string) => void;
  readonly onView: (view: View) => void;
  readonly onClass: (index: number) => void;
};

/** One node, and the ways to look at it. */
function NodePane({ network, nodes, id, views, view, found, classIndex, occluded, ...change }: NodePaneProps) {
  const { t, language } = useText('maps');
  const node = network.analysis.nodes.get(id ?? '');
  const names = found?.classes ?? [];
  const needsClass = view === 'gradient' || view === 'classMap' || view === 'occlusion';
  if (id === null || node === undefined) return <EmptyState title={t.choose} hint={t.chooseHint} />;
  return (
    <>
      <div className={styles['bar']}>
        <h3>
          {id} <span className={styles['muted']}>{formatShape(node.outputShape ?? [])}</span>
        </h3>
        {nodes.length > 1 ? (
          <Select
            label={t.innerNode}
            value={id}
            items={nodes.map((one) => ({ value: one, label: one }))}
            onChange={change.onInner}
          />
        ) : null}
        <Segments
          label={t.view}
          value={view}
          choice={Object.fromEntries(views.map((name) => [name, viewNames[name]])) as typeof viewNames}
          language={language}
          onChange={change.onView}
        />
        {needsClass && names.length > 0 ? (
          <Select
            label={t.ofClass}
            value={String(classIndex)}
            items={names.map((name, index) => ({ value: String(index), label: name }))}
            onChange={(value) => change.onClass(Number(value))}
          />
        ) : null}
      </div>
      {found === null ? null : (
        <NodeView
          key={`${id} ${view}`}
          {...{ network, found, node, view, occluded }}
          name={names[classIndex] ?? String(classIndex)}
        />
      )}
    </>
  );
}

/** Asks for what a view needs: the whole network while it is small, so that the next node is there at once; else the node alone. */
function useLook(
  network: Inspected,
  { id, view, chosenClass }: { readonly id: string | null; readonly view: View; readonly chosenClass: number | null },
) {
  const [sample] = useSample();
  const samples = samplesOf(sample, network.spec);
  const { output } = network;
  const few = useMemo(() => {
    const source = id === null ? undefined : sourceOf(network.document, id);
    const all = [...network.analysis.inputs, source, id, output === '' ? null : output];
    return { nodes: [...new Set(all.filter((one) => one != null))], weights: id === null ? [] : [`${id}/kernel`] };
  }, [network, id, output]);
  const asked = isLarge(network) ? few : {};
  const forward = useInspection(samples === null ? null : questionOf(network, { samples, ...asked }));
  const scores = forward.value?.nodes[output];
  const isClassifier = forward.value?.task === 'classification' && scores !== undefined;
  const answer = isClassifier ? indexOfLargest(scores.data) : null;
  const isBack = view === 'gradient' || view === 'classMap';
  const backward = useInspection(
    samples === null || !isBack || forward.value === null || output === ''
      ? null
      : questionOf(network, { samples, ...asked, backward: { of: 'score', class: chosenClass ?? answer ?? 0 } }),
  );
  return { looked: isBack && backward.value !== null ? backward : forward, answer };
}

type NodeViewProps = {
  readonly network: Inspected;
  readonly found: Inspection;
  readonly node: NodeAnalysis;
  readonly view: View;
  /** What covering the picture does to a score; null while it is not known. */
  readonly occluded: Plane | null;
  /** Of the class whose score goes back, or falls. */
  readonly name: string;
};

/** The planes that a view shows of a node. */
function useShown({ network, found, node, view, occluded }: NodeViewProps, inputChannel: number): readonly Plane[] {
  return useMemo(() => {
    const planesOf = (tensor: HostTensor | undefined): readonly Plane[] =>
      tensor === undefined
        ? []
        : Array.from({ length: planeCount(tensor) }, (_, channel) => folded(planeOf(tensor, 0, channel)));
    const values = found.nodes[node.id];
    switch (view) {
      case 'values':
        return planesOf(values);
      case 'gradient':
        return planesOf(found.gradients[node.id]);
      case 'filters': {
        const kernel = found.weights[`${node.id}/kernel`];
        if (kernel === undefined) return [];
        return Array.from({ length: kernel.shape[3] ?? 0 }, (_, output) => kernelPlane(kernel, inputChannel, output));
      }
      case 'classMap': {
        const gradients = found.gradients[node.id];
        return values === undefined || gradients === undefined ? [] : [classMap(values, gradients, 0).plane];
      }
      case 'occlusion':
        return occluded === null ? [] : [occluded];
      case 'kept': {
        const source = found.nodes[sourceOf(network.document, node.id) ?? ''];
        if (source === undefined) return [];
        return planesOf(source).map((plane, channel) => keptPlane(plane, keptPlaces(node, source, 0, channel)));
      }
    }
  }, [network.document, found, node, view, occluded, inputChannel]);
}

/** What is kept as it is, and what is not in the colour of negative values, so that both can be seen. */
function keptPlane(plane: Plane, kept: Uint8Array | null): Plane {
  if (kept === null) return plane;
  return {
    ...plane,
    values: plane.values.map((value, at) => (kept[at] === 1 ? Math.abs(value) : -Math.abs(value) / 2)),
  };
}

function NodeView(props: NodeViewProps) {
  const { t } = useText('maps');
  const { found, node, view, name } = props;
  const [inputChannel, setInputChannel] = useState(0);
  const [at, setAt] = useState(0);
  const planes = useShown(props, inputChannel);
  const reach = useMemo(() => Math.max(0, ...planes.map(({ values }) => reachOf(values))), [planes]);
  const values = found.nodes[node.id];
  const kernel = found.weights[`${node.id}/kernel`];
  const noGradient = node.id === props.network.output ? t.beforeFunction : t.noGradient;
  const isVector = view === 'values' && values?.shape.length === 2;
  const isExact =
    view === 'classMap' &&
    values !== undefined &&
    found.gradients[node.id] !== undefined &&
    classMap(values, found.gradients[node.id] ?? values, 0).isExact;
  const isBack = view === 'gradient' || view === 'classMap';
  const backNote = view === 'gradient' ? t.gradientNote : isExact ? t.exactMap : t.gradMap;
  const shown = planes[Math.min(at, planes.length - 1)];
  const isOverlay = view === 'classMap' || view === 'occlusion';
  const overlayName = view === 'occlusion' ? t.occlusion : t.classMap;
  const labelOf = (index: number): string =>
    fill(view === 'filters' ? t.filterOf : t.valuesOf, { index: index + 1, count: planes.length });
  return (
    <div className={styles['node']}>
      <div className={styles['middle']}>
        {view === 'filters' && kernel !== undefined && (kernel.shape[2] ?? 1) > 1 ? (
          <div className={styles['bar']}>
            <Select
              label={t.inputChannel}
              value={String(inputChannel)}
              items={Array.from({ length: kernel.shape[2] ?? 1 }, (_, index) => ({
                value: String(index),
                label: `${t.inputChannel} ${index + 1}`,
              }))}
              onChange={(value) => setInputChannel(Number(value))}
            />
          </div>
        ) : null}
        {isBack ? (
          <p className={styles['muted']}>{fill(planes.length === 0 ? noGradient : backNote, { name })}</p>
        ) : null}
        {view === 'occlusion' ? <p className={styles['muted']}>{fill(t.occlusionNote, { name })}</p> : null}
        {view === 'kept' ? (
          <p className={styles['muted']}>
            {fill(t.keptNote, {
              kept: (node.outputShape?.[0] ?? 0) * (node.outputShape?.[1] ?? 0),
              count: (node.inputShapes[0]?.[0] ?? 0) * (node.inputShapes[0]?.[1] ?? 0),
            })}
          </p>
        ) : null}
        {isOverlay ? null : isVector ? (
          <ScoreBars tensor={values} names={values.shape[1] === found.classes.length ? found.classes : []} />
        ) : (
          <MapTiles planes={planes} reach={reach} labelOf={labelOf} chosen={at} onChoose={setAt} />
        )}
        {isOverlay && shown !== undefined ? (
          <MapOverPicture
            picture={picturePlanes(found)}
            map={shown}
            label={overlayName}
            className={styles['overlay'] ?? ''}
          />
        ) : null}
      </div>
      {shown === undefined ? null : (
        <MapDetail
          hasFigures={view !== 'kept'}
          plane={shown}
          title={
            isVector
              ? fill(t.unitOf, { node: node.id })
              : isOverlay
                ? overlayName
                : labelOf(Math.min(at, planes.length - 1))
          }
        />
      )}
    </div>
  );
}
