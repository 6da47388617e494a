import { useMemo } from 'react';
import { classifier, framed, labelsQuestion, onDigits } from '../../../../shared/learn/exhibits/labels';
import { maskOf } from '../../../../shared/learn/exhibits/masks';
import { answersOf } from '../../../../shared/learn/exhibits/pixels';
import type { Plane } from '../../../../shared/ops/featureMaps';
import type { HostTensor } from '../../../../shared/ops/tensor';
import { isRunActive } from '../../../../shared/training/runState';
import { fill, useClassWords, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { samplesOf, useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { useInspection } from '../../../maps/useInspection';
import { useRequest } from '../../../store/useRequest';
import { Button, Failures, formatCount } from '../../../ui';
import { MaskView } from '../MaskView';
import type { ExhibitNetwork } from '../network';
import { useTemplateNetwork } from '../network';
import { trainingWords } from '../NetworkBar';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

/** The same digit for a classifier and for a segmentation network. */
export function LabelsView(props: ExhibitViewProps) {
  const { t } = useText('learn');
  const whole = useTemplateNetwork(classifier.template);
  if (whole === null) return <p className={styles['muted']}>{t.computing}</p>;
  return <Both {...props} whole={whole} />;
}

/** The largest share of softmax over one list of scores. */
function shareOf(scores: HostTensor, best: number): number {
  const most = scores.data[best] ?? 0;
  return 1 / Array.from(scores.data, (score) => Math.exp(score - most)).reduce((sum, power) => sum + power, 0);
}

function Both({ exhibit, network, whole }: ExhibitViewProps & { readonly whole: ExhibitNetwork }) {
  const { t } = useText('exhibits');
  const { t: common } = useText('learn');
  const digits = useMemo(() => onDigits(network.document, network.analysis), [network.document, network.analysis]);
  const [sample, changeSample] = useSample();
  const samples = samplesOf(sample, whole.spec);
  const label = useInspection(
    samples === null
      ? null
      : questionOf(whole, { samples, nodes: [...whole.analysis.inputs, classifier.output], weights: [] }),
  );
  const input = label.value?.nodes[whole.analysis.inputs[0] ?? ''];
  const side = digits?.side ?? 0;
  const picture = useMemo(
    () => (input === undefined ? null : { height: side, width: side, values: framed(input.data, side) }),
    [input, side],
  );
  // The digit alone says nothing of what the segmentation network was made for; its data do.
  const { value: info } = useRequest('data.info', { spec: network.spec });
  const classWords = useClassWords(network.spec);
  const [output = ''] = digits?.analysis.outputs ?? [];
  const mask = useInspection(
    digits === null || picture === null
      ? null
      : questionOf(
          { document: digits.document, model: network.model, seed: network.seed },
          { samples: { from: 'values', values: picture.values }, nodes: [output], weights: [] },
        ),
  );
  const scores = label.value?.nodes[classifier.output];
  const pixels = mask.value?.nodes[output];
  const question = digits === null ? null : labelsQuestion(digits.analysis);
  const isActive = isRunActive(whole.run);
  const words = trainingWords(whole.run, common);
  return (
    <>
      <Failures diagnostics={[...label.diagnostics, ...mask.diagnostics]} />
      <div className={styles['columns']}>
        <SamplePicker
          network={whole}
          sample={sample}
          onChange={changeSample}
          found={label.value}
          shape={inputShapeOf(whole.analysis)}
        />
        <div className={styles['column']}>
          <h3>{t.says}</h3>
          {scores === undefined ? null : <OneLabel scores={scores} classes={label.value?.classes ?? []} />}
          <p className={styles['muted']}>{isActive ? words : whole.model === null ? common.fresh : common.trained}</p>
          {whole.model === null && !isActive ? (
            <span>
              <Button size="sm" onClick={whole.train}>
                {t.trainClassifier}
              </Button>
            </span>
          ) : null}
        </div>
        {pixels === undefined || picture === null ? null : (
          <div className={styles['column']}>
            <h3>{t.saysEach}</h3>
            <ManyLabels pixels={pixels} picture={picture} classes={classWords(info?.classes ?? [])} />
          </div>
        )}
      </div>
      {question === null ? null : <QuestionCard exhibit={exhibit} question={question} />}
    </>
  );
}

function OneLabel({ scores, classes }: { readonly scores: HostTensor; readonly classes: readonly string[] }) {
  const { t } = useText('exhibits');
  const [best = 0] = answersOf(scores);
  const words = fill(t.itIs, { name: classes[best] ?? best, share: Math.round(100 * shareOf(scores, best)) });
  return (
    <p role="status" className={styles['result']}>
      {words}
    </p>
  );
}

/** Labels that few pixels have are left out of the list; the picture shows them. */
const mostShown = 4;

type ManyLabelsProps = {
  readonly pixels: HostTensor;
  readonly picture: Plane;
  readonly classes: readonly string[];
};

function ManyLabels({ pixels, picture, classes }: ManyLabelsProps) {
  const { t } = useText('exhibits');
  const mask = useMemo(() => maskOf(pixels), [pixels]);
  const counts = useMemo(() => {
    const all = new Map<number, number>();
    for (const label of mask) all.set(label, (all.get(label) ?? 0) + 1);
    return [...all].toSorted((a, b) => b[1] - a[1]).slice(0, mostShown);
  }, [mask]);
  return (
    <>
      <MaskView picture={picture} mask={mask} label={t.saysEach} />
      <ul className={styles['terms']}>
        {counts.map(([label, count]) => (
          <li key={label}>{fill(t.pixelsOf, { name: classes[label] ?? label, count: formatCount(count) })}</li>
        ))}
      </ul>
    </>
  );
}
