import { useState } from 'react';
import { text } from '../../shared/text';
import type { Inspection, NearestSamples } from '../../shared/host/api';
import type { Distance } from '../../shared/ops/neighbours';
import { en, zh } from '../i18n/maps';
import { fill, useText } from '../i18n';
import { EmptyState, Failures, Segments } from '../ui';
import { FeatureNote, FeatureProgress, FeatureSelect } from './FeatureBar';
import { questionOf } from './inspected';
import type { Inspected } from './inspected';
import { picturePlanes } from './picture';
import { PlaneView } from './PlaneView';
import { samplesOf, useSample } from './sample';
import { sampleWord } from './sampleWords';
import { useFeatures } from './useFeatures';
import { useInspection } from './useInspection';
import styles from './maps.module.css';

/** So many are shown. */
const shownCount = 12;

const distanceNames = {
  cosine: text(en.cosine, zh.cosine),
  euclidean: text(en.euclidean, zh.euclidean),
} as const satisfies Record<Distance, unknown>;

type NearestViewProps = {
  readonly network: Inspected;
  /** What was found for the picture that is looked at; null while it is on its way. */
  readonly found: Inspection | null;
  /** The number of the class that the network gives it; null where it gives none. */
  readonly answer: number | null;
};

/** The pictures of the training part that a network's features put nearest to the one that is looked at. */
export function NearestView({ network, found, answer }: NearestViewProps) {
  const { t, language } = useText('maps');
  const [sample] = useSample();
  const [node, setNode] = useState<string | null>(null);
  const [distance, setDistance] = useState<Distance>('cosine');
  const samples = samplesOf(sample, network.spec);
  const { value, diagnostics, isLoading, progress } = useFeatures(
    'model.nearest',
    network,
    samples === null ? null : { samples, part: 'train', node, distance, count: shownCount },
  );
  return (
    <>
      <div className={styles['bar']}>
        <FeatureSelect network={network} node={node} onChange={setNode} />
        <Segments
          label={t.distance}
          value={distance}
          choice={distanceNames}
          language={language}
          onChange={setDistance}
        />
        <FeatureProgress isLoading={isLoading} progress={progress} />
      </div>
      <Failures diagnostics={diagnostics} />
      {samples === null ? <EmptyState title={t.drawFirst} hint={t.drawFirstHint} /> : null}
      {value === null ? null : (
        <>
          <Verdict nearest={value} found={found} answer={answer} />
          <Tiles network={network} nearest={value} />
          <FeatureNote facts={value.facts} />
        </>
      )}
    </>
  );
}

/** How many of the nearest are what the picture is, or is taken for. */
function Verdict({
  nearest: { facts, samples },
  found,
  answer,
}: Omit<NearestViewProps, 'network'> & { readonly nearest: NearestSamples }) {
  const { t } = useText('maps');
  const { task, classes } = facts;
  if (task === 'regression') {
    const values = samples.flatMap(({ truth }) => (truth === null ? [] : [truth]));
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    return <p>{fill(t.meanOfNearest, { mean: sampleWord(facts, mean) ?? '' })}</p>;
  }
  if (task !== 'classification') return null;
  const label = found?.labels?.[0];
  const isKnown = label !== undefined && label >= 0;
  const wanted = isKnown ? label : answer;
  if (wanted === null) return null;
  const count = samples.filter(({ truth }) => truth === wanted).length;
  const name = classes[wanted] ?? String(wanted);
  return <p>{fill(isKnown ? t.sameClass : t.sameAnswer, { count, total: samples.length, name })}</p>;
}

function Tiles({
  network,
  nearest: { facts, samples },
}: {
  readonly network: Inspected;
  readonly nearest: NearestSamples;
}) {
  const { t } = useText('maps');
  const [, changeSample] = useSample();
  const [input = ''] = network.analysis.inputs;
  const indices = samples.map(({ index }) => index);
  const { value: shown } = useInspection(
    indices.length === 0
      ? null
      : questionOf(network, {
          samples: { from: 'data', spec: network.spec, part: 'train', indices },
          ...{ nodes: [input], weights: [] },
        }),
  );
  return (
    <ol className={styles['nearest']} aria-label={t.nearestOf}>
      {samples.map(({ index, distance, truth, labels }, row) => {
        const names = labels?.map((place) => facts.classes[place] ?? '').join(', ');
        const is = names ?? sampleWord(facts, truth) ?? '–';
        const label = fill(t.nearestOne, { place: row + 1, name: is, distance: distanceText(distance) });
        return (
          <li key={index}>
            <button
              type="button"
              className={styles['near']}
              aria-label={label}
              onClick={() => changeSample({ source: 'data', part: 'train', index })}
            >
              <PlaneView planes={picturePlanes(shown, row)} label="" />
            </button>
            <span className="figures" aria-hidden="true">
              <b>{is}</b> {distanceText(distance)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** Features of a few values are often this near to each other, and none of them is the same. */
function distanceText(distance: number): string {
  return distance > 0 && distance < 0.001 ? '<0.001' : distance.toFixed(3);
}
