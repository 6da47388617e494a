import { useCallback, useMemo, useState } from 'react';
import { text } from '../../shared/text';
import { formatShare } from '../../shared/text';
import { pointMarks } from '../../shared/figures/classMarks';
import { byLabel, commonestLabel, embeddingCsv, embeddingSvg, labelNames } from '../../shared/host/embeddingTexts';
import type { Embedding, FeatureRequest } from '../../shared/host/api';
import type { EmbeddingMethod } from '../../shared/host/features';
import { isOfClasses, type Task } from '../../shared/schema/data';
import { limits } from '../../shared/schema/limits';
import { en, zh } from '../i18n/maps';
import { fill, useText } from '../i18n';
import { Button, Failures, formatCount, Menu, Segments, Select } from '../ui';
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
  const [label, setLabel] = useState<string | null>(null);
  const { value, diagnostics, isLoading, progress } = useFeatures('model.embed', network, {
    ...{ node, method, part, count: limits.embeddedSamples },
  });
  return (
    <>
      <div className={styles['bar']}>
        <FeatureSelect network={network} node={node} onChange={setNode} />
        <Segments label={t.method} value={method} choice={methodNames} language={language} onChange={setMethod} />
        <Segments label={t.part} value={part} choice={partNames} language={language} onChange={setPart} />
        {value === null ? null : <LabelSelect embedding={value} label={label} onChange={setLabel} />}
        {value === null ? null : <SaveMenu name={network.document.name} embedding={value} label={label} />}
        <FeatureProgress isLoading={isLoading} progress={progress} />
      </div>
      <Failures diagnostics={diagnostics} />
      {value === null ? null : <Plane network={network} part={part} embedding={value} label={label} />}
    </>
  );
}

/** By which class samples with any number of them are coloured: the one of this name, or else the one that most samples have. */
function placeOf(embedding: Embedding, label: string | null): number {
  const place = embedding.facts.classes.indexOf(label ?? '');
  return place === -1 ? commonestLabel(embedding) : place;
}

type LabelProps = { readonly embedding: Embedding; readonly label: string | null };

/** Where samples have any number of classes: the one to colour them by. */
function LabelSelect({
  embedding,
  label,
  onChange,
}: LabelProps & { readonly onChange: (label: string | null) => void }) {
  const { t } = useText('maps');
  const { facts, labels } = embedding;
  if (labels === undefined) return null;
  const count = (place: number): number => {
    let sum = 0;
    for (let at = place; at < labels.truth.length; at += facts.classes.length) sum += labels.truth[at] ?? 0;
    return sum;
  };
  return (
    <Select
      label={t.colouredBy}
      value={facts.classes[placeOf(embedding, label)] ?? ''}
      items={facts.classes.map((name, place) => ({ value: name, label: `${name} (${formatCount(count(place))})` }))}
      onChange={onChange}
    />
  );
}

/** The plane as the command line writes it: all points, whatever is hidden. */
function SaveMenu({ name, embedding, label }: LabelProps & { readonly name: string }) {
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
              onSelect: () =>
                saveFile(`${file}.svg`, embeddingSvg(name, embedding, placeOf(embedding, label)), 'image/svg+xml'),
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

function Plane({ network, part, embedding, label }: PlaneProps & LabelProps) {
  const { t } = useText('maps');
  const drawn = useMemo(() => {
    const place = placeOf(embedding, label);
    const name = embedding.facts.classes[place] ?? '';
    return byLabel(embedding, place, [fill(t.withoutLabel, { name }), fill(t.withLabel, { name })]);
  }, [embedding, label, t]);
  const { facts, indices, places, truth, given, shares } = drawn;
  const [sample, changeSample] = useSample();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const notes: { readonly [T in Task]?: string } = {
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
        <EmbeddingLegend embedding={drawn} isWrong={isWrong} hidden={hidden} onHide={setHidden} />
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
  const { facts, indices, labels } = embedding;
  const [input = ''] = network.analysis.inputs;
  const index = indices[point] ?? 0;
  const { value, isWaiting } = useInspection(
    questionOf(network, {
      samples: { from: 'data', spec: network.spec, part, indices: [index] },
      ...{ nodes: [input], weights: [] },
    }),
  );
  const all = (side: 'truth' | 'given'): string | null =>
    labels === undefined
      ? sampleWord(facts, embedding[side][point])
      : labelNames(facts, labels[side], point).join(', ');
  const [is, says] = [all('truth'), all('given')];
  return (
    <>
      <span className={styles['pointed-picture']}>
        {value === null || isWaiting ? null : <PlaneView planes={picturePlanes(value)} label={t.picture} />}
      </span>
      <span className="figures">
        {t.index} {index + 1}
      </span>
      {is === null ? null : (
        <span>{is === '' ? t.hasNone : fill(labels === undefined ? t.isA : t.hasLabels, { name: is, names: is })}</span>
      )}
      {says === null ? null : <span>{fill(t.answers, { name: says === '' ? t.noLabel : says })}</span>}
    </>
  );
}
