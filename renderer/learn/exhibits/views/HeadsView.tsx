import { indexOfLargest } from '../../../../shared/ops/tensor';
import { useMemo, useState } from 'react';
import { nodesOfRole } from '../../../../shared/learn/exhibits/exhibit';
import { headBars, headsQuestion } from '../../../../shared/learn/exhibits/heads';
import type { HeadBar } from '../../../../shared/learn/exhibits/heads';
import { headLabels } from '../../../../shared/transforms/headLab';
import { classMap } from '../../../../shared/ops/featureMaps';
import { isRunActive } from '../../../../shared/training/runState';
import { fill, useText } from '../../../i18n';
import { questionOf } from '../../../maps/inspected';
import { MapOverPicture } from '../../../maps/MapOverPicture';
import { picturePlanes } from '../../../maps/picture';
import { samplesOf, useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import { ScoreBars } from '../../../maps/ScoreBars';
import { useInspection } from '../../../maps/useInspection';
import { Button, Failures, formatCount, Select } from '../../../ui';
import { trainingWords } from '../NetworkBar';
import { QuestionCard } from '../QuestionCard';
import { inputShapeOf } from '../shapes';
import { useTraining } from '../training';
import type { ExhibitViewProps } from '../view';
import { sourceOf } from '../wiring';
import styles from '../exhibits.module.css';

/** From an FC head to GAP: the parameters of each as bars, and the class maps that come with GAP. */
export function HeadsView({ exhibit, network }: ExhibitViewProps) {
  const { t, pick } = useText('learn');
  const bars = useMemo(() => headBars(network.document, network.analysis), [network.document, network.analysis]);
  const question = headsQuestion(bars);
  const gap = bars.find(({ kind }) => kind === 'gap');
  const most = Math.max(1, ...bars.map(({ params }) => params));
  return (
    <>
      <div className={styles['column']}>
        {bars.map(({ kind, params, headParams }) => (
          <div key={kind} className={styles['barRow']}>
            <span>{pick(headLabels[kind])}</span>
            <span>
              <span className={styles['bar']} aria-hidden="true">
                <i style={{ width: `${(100 * (params - headParams)) / most}%` }} />
                <i style={{ width: `${(100 * headParams) / most}%` }} />
              </span>
              <span className={styles['muted']}>
                {fill(t.parametersOf, { count: formatCount(params), head: formatCount(headParams) })}
              </span>
            </span>
          </div>
        ))}
      </div>
      {gap === undefined ? null : <ClassMaps gap={gap} network={network} />}
      {question === null ? null : <QuestionCard exhibit={exhibit} question={question} />}
    </>
  );
}

/** The trunk under GAP: trained at a click, and where the picture speaks for a class. */
function ClassMaps({ gap, network }: { readonly gap: HeadBar; readonly network: ExhibitViewProps['network'] }) {
  const { t } = useText('learn');
  const training = useTraining(gap.document);
  const [sample, changeSample] = useSample();
  const [chosen, setChosen] = useState<number | null>(null);
  const [pooling = ''] = nodesOfRole(gap.analysis, 'globalPooling');
  const maps = sourceOf(gap.document, pooling) ?? '';
  const samples = samplesOf(sample, network.spec);
  // Where the network has GAP already, its own weights are there.
  const model = gap.document === network.document ? network.model : training.model;
  const asked = {
    samples: samples ?? ({ from: 'data', spec: network.spec, part: 'validation', indices: [0] } as const),
    nodes: [...gap.analysis.inputs, maps, ...gap.analysis.outputs],
    weights: [],
  };
  const of = { document: gap.document, model, seed: network.seed };
  const first = useInspection(samples === null ? null : questionOf(of, asked));
  const scores = first.value?.nodes[gap.analysis.outputs[0] ?? ''];
  const best = scores === undefined ? 0 : indexOfLargest(scores.data);
  const classIndex = chosen ?? best;
  const looked = useInspection(
    samples === null || scores === undefined
      ? null
      : questionOf(of, { ...asked, backward: { of: 'score', class: classIndex } }),
  );
  const found = looked.value;
  const [values, gradients] = [found?.nodes[maps], found?.gradients[maps]];
  const shown = useMemo(
    () => (values?.shape.length === 4 && gradients !== undefined ? classMap(values, gradients, 0) : null),
    [values, gradients],
  );
  const classes = found?.classes ?? [];
  const isActive = isRunActive(training.run);
  return (
    <div className={styles['columns']}>
      <SamplePicker
        network={network}
        sample={sample}
        onChange={changeSample}
        found={first.value}
        shape={inputShapeOf(gap.analysis)}
      />
      <div className={styles['column']}>
        <Failures diagnostics={[...first.diagnostics, ...looked.diagnostics]} />
        {shown === null ? null : (
          <>
            <h3>{fill(t.classMapOf, { name: classes[classIndex] ?? String(classIndex) })}</h3>
            <MapOverPicture
              picture={picturePlanes(found)}
              map={shown.plane}
              label={fill(t.classMapOf, { name: classes[classIndex] ?? String(classIndex) })}
              className={styles['large'] ?? ''}
            />
            <Select
              label={t.classMapOf}
              value={String(classIndex)}
              items={classes.map((name, index) => ({ value: String(index), label: name }))}
              onChange={(value) => setChosen(Number(value))}
            />
          </>
        )}
      </div>
      <div className={styles['column']}>
        {isActive ? <p role="status">{trainingWords(training.run, t)}</p> : null}
        {model === null && !isActive ? (
          <>
            <p className={styles['muted']}>{t.fresh}</p>
            <Button size="sm" title={t.trainHint} onClick={training.train}>
              {t.trainHead}
            </Button>
          </>
        ) : null}
        {scores === undefined ? null : <ScoreBars tensor={scores} names={first.value?.classes ?? []} />}
      </div>
    </div>
  );
}
