import { useMemo, useState } from 'react';
import {
  findFold,
  foldedValues,
  foldingQuestion,
  largestDifference,
  paramsOf,
} from '../../../../shared/learn/exhibits/folding';
import type { Fold } from '../../../../shared/learn/exhibits/folding';
import { planeCount, planeOf } from '../../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../../shared/ops/tensor';
import { text } from '../../../../shared/text';
import { fill, useText } from '../../../i18n';
import { en, zh } from '../../../i18n/exhibits';
import { questionOf } from '../../../maps/inspected';
import { PlaneView } from '../../../maps/PlaneView';
import { samplesOf, useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { useInspection } from '../../../maps/useInspection';
import { Failures, formatCount, IndexField, Segments } from '../../../ui';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

const between = { nothing: text(en.nothing, zh.nothing), relu: text(en.relu, zh.relu) };

/** Two convs, the one that they fold into, and what ReLU between them changes. */
export function FoldingView({ exhibit, network }: ExhibitViewProps) {
  const { t } = useText('learn');
  const fold = useMemo(() => findFold(network.document, network.analysis), [network.document, network.analysis]);
  if (fold === null) return <p className={styles['muted']}>{t.doesNotFit}</p>;
  return (
    <>
      <Folded fold={fold} network={network} />
      <QuestionCard exhibit={exhibit} question={foldingQuestion(fold, network.analysis)} />
    </>
  );
}

function Folded({ fold, network }: { readonly fold: Fold; readonly network: ExhibitViewProps['network'] }) {
  const { t, language } = useText('exhibits');
  const { t: common } = useText('learn');
  const [gap, setGap] = useState<keyof typeof between>('nothing');
  const [channel, setChannel] = useState(0);
  const [sample, changeSample] = useSample();
  const samples = samplesOf(sample, network.spec);
  const { model, seed } = network;
  const nodes = [...network.analysis.inputs, fold.second];
  const looked = useInspection(
    samples === null
      ? null
      : questionOf({ document: gap === 'relu' ? fold.apart : fold.both, model, seed }, { samples, nodes }),
  );
  const weights = looked.value?.weights;
  const put = useMemo(() => (weights === undefined ? null : foldedValues(fold, weights)), [fold, weights]);
  const folded = useInspection(
    samples === null || put === null
      ? null
      : questionOf(
          { document: fold.plan.document, model: null, seed },
          { samples, nodes: [fold.first], weights: [], put },
        ),
  );
  const [two, one] = [looked.value?.nodes[fold.second], folded.value?.nodes[fold.first]];
  const count = two === undefined ? 1 : planeCount(two);
  const shown = Math.min(channel, count - 1);
  const params = useMemo(
    () => ({
      two: formatCount(paramsOf(fold.both, [fold.first, fold.second])),
      one: formatCount(paramsOf(fold.plan.document, [fold.first])),
    }),
    [fold],
  );
  return (
    <>
      <div className={styles['controls']}>
        <span>{t.between}</span>
        <Segments label={t.between} value={gap} choice={between} language={language} onChange={setGap} />
        <IndexField label={common.channel} value={shown} count={count} onChange={setChannel} />
      </div>
      <Failures diagnostics={[...looked.diagnostics, ...folded.diagnostics]} />
      <div className={styles['columns']}>
        <SamplePicker
          network={network}
          sample={sample}
          onChange={changeSample}
          found={looked.value}
          shape={inputShapeOf(network.analysis)}
        />
        {two === undefined || one === undefined ? null : (
          <Maps
            two={two}
            one={one}
            channel={shown}
            names={[
              fill(t.twoConvs, { first: fold.first, second: fold.second, params: params.two }),
              fill(t.oneConv, { side: fold.side, params: params.one }),
            ]}
          />
        )}
      </div>
    </>
  );
}

type MapsProps = {
  readonly two: HostTensor;
  readonly one: HostTensor;
  readonly channel: number;
  readonly names: readonly [string, string];
};

function Maps({ two, one, channel, names }: MapsProps) {
  const { t } = useText('exhibits');
  const planes = useMemo(() => {
    const [a, b] = [planeOf(two, 0, channel), planeOf(one, 0, channel)];
    const values = a.values.map((value, at) => value - (b.values[at] ?? 0));
    return {
      a,
      b,
      difference: { ...a, values },
      reach: a.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    };
  }, [two, one, channel]);
  const shown = [
    [names[0], planes.a],
    [names[1], planes.b],
    [t.difference, planes.difference],
  ] as const;
  return (
    <>
      {shown.map(([name, plane]) => (
        <div key={name} className={styles['column']}>
          <h3>{name}</h3>
          {/* All on one scale, so that a rounding error does not look like a picture. */}
          <PlaneView planes={[plane]} reach={planes.reach} label={name} className={styles['large'] ?? ''} />
          {plane === planes.difference ? (
            <p role="status">{fill(t.mostDifferent, { difference: largestDifference(two, one).toPrecision(2) })}</p>
          ) : null}
        </div>
      ))}
    </>
  );
}
