import { useCallback, useMemo, useState } from 'react';
import { text } from '../../shared/text';
import { formatShare } from '../../shared/text';
import { pointMarks } from '../../shared/figures/classMarks';
import { embeddingCsv, embeddingSvg } from '../../shared/host/embeddingTexts';
import type { Embedding, FeatureRequest } from '../../shared/host/api';
import type { EmbeddingMethod } from '../../shared/host/features';
import { isOfClasses, type Task } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { en, zh } from '../i18n/maps';
import { fill, useText } from '../i18n';
import { Button, Failures, Menu, Segments } from '../ui';
import { saveFile } from '../ui/saveFile';
import { EmbeddingLegend } from './EmbeddingLegend';
import { FeatureNote, FeatureProgress, FeatureSelect } from './FeatureBar';
import { questionOf } from './inspected';
import type { Inspected } from './inspected';
import { picturePlanes } from './picture';
import { PlaneView } from './PlaneView';
import { useSample } from './sample';
import { sampleWord } from './sampleWords';
import { ScatterPlot } from './ScatterPlot';
import { useFeatures } from './useFeatures';
import { useInspection } from './useInspection';
import styles from './maps.module.css';

const methodNames = {
  pca: text(en.pca, zh.pca),
  umap: text(en.umap, zh.umap),
} as const satisfies Record<EmbeddingMethod, unknown>;

const partNames = {
  validation: text(en.validationPart, zh.validationPart),
  train: text(en.trainPart, zh.trainPart),
} as const satisfies Record<FeatureRequest['part'], unknown>;

/** Samples of the data in a plane, by a network's features: what it puts together, what it keeps apart, and where it is wrong. */
export function EmbeddingView({ network }: { readonly network: Inspected }) {
  const { t, language } = useText('maps');
  const [node, setNode] = useState<string | null>(null);
  const [method, setMethod] = useState<EmbeddingMethod>('pca');
  const [part, setPart] = useState<FeatureRequest['part']>('validation');
  const { value, diagnostics, isLoading, progress } = useFeatures('model.embed', network, {
    ...{ node, method, part, count: limits.embeddedSamples },
  });
  return (
    <>
      <div className={styles['bar']}>
        <FeatureSelect network={network} node={node} onChange={setNode} />
        <Segments label={t.method} value={method} choice={methodNames} language={language} onChange={setMethod} />
        <Segments label={t.part} value={part} choice={partNames} language={language} onChange={setPart} />
        {value === null ? null : <SaveMenu name={network.document.name} embedding={value} />}
        <FeatureProgress isLoading={isLoading} progress={progress} />
      </div>
      <Failures diagnostics={diagnostics} />
      {value === null ? null : <Plane network={network} part={part} embedding={value} />}
    </>
  );
}

/** The plane as the command line writes it: all points, whatever is hidden. */
function SaveMenu({ name, embedding }: { readonly name: string; readonly embedding: Embedding }) {
  const { t } = useText('maps');
  const file = `${name || 'network'}-embedding`;
  return (
    <Menu
      trigger={
        <Button size="sm" variant="quiet">
          {t.savePlane}
        </Button>
      }
      groups={[
        {
          actions: [
            {
              id: 'svg',
              label: t.savePlaneSvg,
              onSelect: () => saveFile(`${file}.svg`, embeddingSvg(name, embedding), 'image/svg+xml'),
            },
            {
              id: 'csv',
              label: t.savePlaneCsv,
              onSelect: () => saveFile(`${file}.csv`, embeddingCsv(embedding), 'text/csv'),
            },
          ],
        },
      ]}
    />
  );
}

type PlaneProps = {
  readonly network: Inspected;
  readonly part: FeatureRequest['part'];
  readonly embedding: Embedding;
};

function Plane({ network, part, embedding }: PlaneProps) {
  const { t } = useText('maps');
  const { facts, indices, places, truth, given, shares } = embedding;
  const [sample, changeSample] = useSample();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const notes: { readonly [T in Task]?: string } = {
    'multi-label': ` ${t.labelNote}`,
    segmentation: ` ${t.maskNote}`,
    'image-to-image': ` ${t.pictureNote}`,
  };
  const hasClasses = isOfClasses(facts.task);
  const markOf = useMemo(() => pointMarks(truth, hasClasses), [truth, hasClasses]);
  const isShown = useCallback((point: number) => !hidden.has(truth[point] ?? NaN), [hidden, truth]);
  const isWrong = useCallback(
    (point: number) => facts.task === 'classification' && !Number.isNaN(truth[point]) && truth[point] !== given[point],
    [facts.task, truth, given],
  );
  const isHere = sample.source === 'data' && sample.part === part;
  const place = isHere ? indices.indexOf(sample.index) : -1;
  return (
    <>
      <div className={styles['plane-row']}>
        <ScatterPlot
          places={places}
          label={fill(t.plotOf, { count: facts.count, node: facts.node })}
          {...{ markOf, isShown, isWrong }}
          chosen={place === -1 ? null : place}
          onOpen={(point) => changeSample({ source: 'data', part, index: indices[point] ?? 0 })}
          tell={(point) => <Pointed {...{ network, part, embedding, point }} />}
        />
        <EmbeddingLegend embedding={embedding} isWrong={isWrong} hidden={hidden} onHide={setHidden} />
      </div>
      <p className={styles['muted']}>
        {shares === null
          ? t.umapNote
          : shares[0] === 0
            ? fill(t.allSame, { node: facts.node })
            : fill(t.pcaNote, { x: formatShare(shares[0]), y: formatShare(shares[1]) })}
        {notes[facts.task] ?? ''}
      </p>
      <FeatureNote facts={facts} />
    </>
  );
}

/** The sample that is pointed at: its picture, what it is, and what the network says. */
function Pointed({ network, part, embedding, point }: PlaneProps & { readonly point: number }) {
  const { t } = useText('maps');
  const { facts, indices, truth, given } = embedding;
  const [input = ''] = network.analysis.inputs;
  const index = indices[point] ?? 0;
  const { value, isWaiting } = useInspection(
    questionOf(network, {
      samples: { from: 'data', spec: network.spec, part, indices: [index] },
      ...{ nodes: [input], weights: [] },
    }),
  );
  const is = sampleWord(facts, truth[point]);
  const says = sampleWord(facts, given[point]);
  return (
    <>
      <span className={styles['pointed-picture']}>
        {value === null || isWaiting ? null : <PlaneView planes={picturePlanes(value)} label={t.picture} />}
      </span>
      <span className="figures">
        {t.index} {index + 1}
      </span>
      {is === null ? null : <span>{fill(t.isA, { name: is })}</span>}
      {says === null ? null : <span>{fill(t.answers, { name: says })}</span>}
    </>
  );
}
