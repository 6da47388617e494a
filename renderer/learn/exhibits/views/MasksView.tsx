import { useMemo, useState } from 'react';
import {
  judgedCount,
  maskOf,
  masksQuestion,
  silenced,
  skipNames,
  skipScores,
  withSkips,
  wrongPixels,
} from '../../../../shared/learn/exhibits/masks';
import type { Skips } from '../../../../shared/learn/exhibits/masks';
import type { Inspection } from '../../../../shared/host/api';
import { planeOf } from '../../../../shared/ops/featureMaps';
import { elementCount } from '../../../../shared/ops/tensor';
import type { NetworkDocument } from '../../../../shared/schema/document';
import { text } from '../../../../shared/text';
import { isRunActive } from '../../../../shared/training/runState';
import { analyzeNetwork } from '../../../../shared/analysis/analyze';
import { fill, useText } from '../../../i18n';
import { en, zh } from '../../../i18n/exhibits';
import { questionOf } from '../../../maps/inspected';
import { useSample } from '../../../maps/sample';
import { SamplePicker } from '../../../maps/SamplePicker';
import type { Looked } from '../../../maps/useInspection';
import { useInspection } from '../../../maps/useInspection';
import { Button, Failures, formatCount, Segments } from '../../../ui';
import { MaskView } from '../MaskView';
import { trainingWords } from '../NetworkBar';
import { QuestionCard } from '../QuestionCard';
import type { ExhibitTraining } from '../training';
import { useTraining } from '../training';
import type { ExhibitViewProps } from '../view';
import styles from '../exhibits.module.css';

const onOff = { on: text(en.on, zh.on), off: text(en.off, zh.off) };
type OnOff = keyof typeof onOff;

const judged = Array.from({ length: judgedCount }, (_, at) => at);

/** One network with what it says of the picture. */
type Masked = {
  readonly skips: Skips;
  readonly training: ExhibitTraining;
  readonly looked: Looked;
  readonly mask: Float32Array | null;
  /** Pixels told wrong: of the picture that is shown, and of those that the question is about. */
  readonly wrong: number | null;
  readonly wrongOfAll: number | null;
};

/** Trains and asks one of the three; `off` are the nodes whose skip is silenced. */
function useMasked(network: ExhibitViewProps['network'], skips: Skips, off: readonly string[]): Masked {
  const document = useMemo<NetworkDocument>(
    () => withSkips(network.document, skips) ?? network.document,
    [network.document, skips],
  );
  const analysis = useMemo(() => analyzeNetwork(document), [document]);
  const training = useTraining(document);
  const [sample] = useSample();
  // The picture that is looked at, and those that the question is about.
  const indices = [sample.index, ...judged];
  const samples = { from: 'data', spec: network.spec, part: 'validation', indices } as const;
  const put = useMemo(
    () =>
      silenced(
        off.flatMap((id) =>
          (analysis.nodes.get(id)?.weights ?? []).map(({ name, shape }) => ({
            name: `${id}/${name}`,
            count: elementCount(shape),
          })),
        ),
      ),
    [analysis, off],
  );
  const looked = useInspection(
    questionOf(
      { document, model: training.model, seed: network.seed },
      { samples, nodes: [...analysis.inputs, ...analysis.outputs], weights: [], put },
    ),
  );
  const scores = looked.value?.nodes[analysis.outputs[0] ?? ''];
  const labels = looked.value?.labels;
  const mask = useMemo(() => (scores === undefined ? null : maskOf(scores)), [scores]);
  const [wrong, wrongOfAll] = useMemo(() => {
    if (scores === undefined || labels == null) return [null, null];
    const size = labels.length / (1 + judgedCount);
    const counts = [0, ...judged.map((at) => at + 1)].map((at) =>
      wrongPixels(maskOf(scores, at), labels.slice(at * size, (at + 1) * size)),
    );
    return [counts[0] ?? 0, counts.slice(1).reduce((sum, count) => sum + count, 0)];
  }, [scores, labels]);
  return { skips, training, looked, mask, wrong, wrongOfAll };
}

const none: readonly string[] = [];

/** Masks without skips, with one and with two. */
export function MasksView({ exhibit, network }: ExhibitViewProps) {
  const { t, language } = useText('exhibits');
  const [off, setOff] = useState<readonly string[]>(none);
  const all = [useMasked(network, 0, none), useMasked(network, 1, none), useMasked(network, 2, off)] as const;
  const [sample, changeSample] = useSample();
  const isTraining = all.some(({ training }) => isRunActive(training.run));
  const next = all.find(({ training }) => training.model === null);
  const question =
    off.length === 0 && next === undefined ? masksQuestion(all.map(({ wrongOfAll }) => wrongOfAll)) : null;
  return (
    <>
      <div className={styles['controls']}>
        {skipScores.map(({ node, from }) => (
          <label key={node} className={styles['labelled']}>
            {fill(t.skipOf, { node: from })}
            <Segments<OnOff>
              label={fill(t.skipOf, { node: from })}
              value={off.includes(node) ? 'off' : 'on'}
              choice={onOff}
              language={language}
              onChange={(value) => setOff(value === 'off' ? [...off, node] : off.filter((id) => id !== node))}
            />
          </label>
        ))}
        <span>{next === undefined || isTraining ? '' : t.seconds}</span>
      </div>
      <Failures diagnostics={all.flatMap(({ looked }) => looked.diagnostics)} />
      <div className={styles['columns']}>
        <SamplePicker
          network={network}
          sample={{ ...sample, source: 'data' }}
          onChange={changeSample}
          found={all[0].looked.value}
          shape={null}
        />
        {all.map((masked) => (
          <Column key={masked.skips} masked={masked} isBusy={isTraining} />
        ))}
        <Truth found={all[0].looked.value} />
      </div>
      {question === null ? null : <QuestionCard exhibit={exhibit} question={question} />}
    </>
  );
}

function pictureOf(found: Inspection | null) {
  const input = found?.nodes[found.inputNode];
  return input === undefined ? null : planeOf(input, 0, 0);
}

function Column({ masked, isBusy }: { readonly masked: Masked; readonly isBusy: boolean }) {
  const { t, pick } = useText('exhibits');
  const { t: common } = useText('learn');
  const { skips, training, looked, mask, wrong } = masked;
  const picture = useMemo(() => pictureOf(looked.value), [looked.value]);
  const name = pick(skipNames[skips]);
  const isActive = isRunActive(training.run);
  const words = trainingWords(training.run, common);
  return (
    <div className={styles['column']}>
      <h3>{name}</h3>
      {picture === null || mask === null ? null : <MaskView picture={picture} mask={mask} label={name} />}
      {wrong === null ? null : <p role="status">{fill(t.wrongPixels, { count: formatCount(wrong) })}</p>}
      <p className={styles['muted']}>{isActive ? words : training.model === null ? common.fresh : common.trained}</p>
      {training.model === null && !isActive ? (
        <span>
          <Button size="sm" disabled={isBusy} aria-label={`${t.trainThis}: ${name}`} onClick={training.train}>
            {t.trainThis}
          </Button>
        </span>
      ) : null}
    </div>
  );
}

function Truth({ found }: { readonly found: Inspection | null }) {
  const { t } = useText('exhibits');
  const picture = useMemo(() => pictureOf(found), [found]);
  const labels = found?.labels;
  if (picture === null || labels == null || labels.length < picture.values.length) return null;
  return (
    <div className={styles['column']}>
      <h3>{t.truth}</h3>
      <MaskView picture={picture} mask={labels.slice(0, picture.values.length)} label={t.truth} />
    </div>
  );
}
