import { FileDown, Target } from 'lucide-react';
import { useMemo, useState } from 'react';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import { printEvaluationPage, reportedSamples } from '../../shared/exports/evaluationPage';
import { formatCount, formatDecibels, text } from '../../shared/text';
import { hasClasses, type Answers } from '../../shared/training/answers';
import { atThreshold, calibrationOf } from '../../shared/training/confusion';
import { percentText, scoreTexts, type ScoreName } from '../../shared/training/scoreTexts';
import type { EvaluatedPart } from '../../shared/schema/data';
import type { Evaluation, ModelRef } from '../../shared/host/api';
import { fill, useClassWords, useText } from '../i18n';
import { en, zh } from '../i18n/results';
import { useProject } from '../session';
import { useRequest } from '../store/useRequest';
import { useTriedModel } from '../training/triedModel';
import { useTrainingConfig } from '../training/useTrainingConfig';
import { Button, EmptyState, Failures, FigureList, notifyDiagnostics, Segments, Select, Slider } from '../ui';
import { askPatiently } from '../ui/askPatiently';
import { saveFile } from '../ui/saveFile';
import { CalibrationBars } from './CalibrationBars';
import { ClassTable, LabelTable } from './ClassTable';
import { MatrixGrid } from './MatrixGrid';
import { pngOf } from './picture';
import { SampleTiles } from './SampleTiles';
import { useScored } from './scored';
import type { Scored } from './scored';
import styles from './results.module.css';

type View = 'matrix' | 'classes' | 'calibration';

const viewNames = {
  matrix: text(en.matrix, zh.matrix),
  classes: text(en.classes, zh.classes),
  calibration: text(en.calibration, zh.calibration),
} as const satisfies Record<View, unknown>;

/** The tab of the dock that tells how good a trained network is: its scores at the left, where it is wrong beside them, and the samples. */
export function ResultsPanel() {
  const { t } = useText('results');
  const model = useTriedModel();
  if (model === null) return <EmptyState title={t.empty} hint={t.emptyHint} />;
  return <Results key={JSON.stringify(model)} model={model} />;
}

function Results({ model }: { readonly model: ModelRef }) {
  const { t, language } = useText('results');
  const { isBusy, scored, diagnostics } = useScored();
  // What is saved keeps the names that the data have.
  const raw = scored !== null && JSON.stringify(scored.asked.model) === JSON.stringify(model) ? scored : null;
  const own = useWorded(raw);
  const [wanted, setView] = useState<View>('matrix');
  const views = viewsOf(own?.answers);
  const view = views.includes(wanted) ? wanted : views[0];
  return (
    <section
      className={styles['results']}
      aria-busy={isBusy}
      data-values={own !== null && views.length === 0 ? true : undefined}
    >
      <div className={styles['side']}>
        <ScoreForm model={model} scored={raw} />
        <Failures diagnostics={diagnostics} />
        {own === null ? <p className={styles['muted']}>{t.ready}</p> : <Scores scored={own} />}
      </div>
      {own === null ? null : (
        <>
          <div className={styles['middle']}>
            {views.length > 1 && view !== undefined ? (
              <Segments
                label={t.view}
                value={view}
                choice={viewNames}
                without={(['matrix', 'classes', 'calibration'] as const).filter((name) => !views.includes(name))}
                language={language}
                onChange={setView}
              />
            ) : null}
            {view === 'matrix' && hasClasses(own.answers) ? <MatrixGrid answers={own.answers} /> : null}
            {view === 'classes' && hasClasses(own.answers) ? <ClassTable answers={own.answers} /> : null}
            {view === 'classes' && own.answers.task === 'multi-label' ? <LabelTable answers={own.answers} /> : null}
            {view === 'calibration' && own.answers.task === 'classification' ? (
              <CalibrationBars calibration={calibrationOf(own.answers)} />
            ) : null}
          </div>
          <SampleTiles scored={own} />
        </>
      )}
    </section>
  );
}

/** What was scored, its classes called as the chosen language has them. */
function useWorded(scored: Scored | null): Scored | null {
  const classWords = useClassWords(scored?.evaluation.data ?? '');
  return useMemo(() => {
    if (scored === null) return null;
    const { answers } = scored;
    return { ...scored, answers: { ...answers, classes: classWords(answers.classes) } };
  }, [scored, classWords]);
}

function viewsOf(answers: Answers | undefined): readonly View[] {
  switch (answers?.task) {
    case 'classification':
      return ['matrix', 'classes', 'calibration'];
    case 'multi-label':
      return ['classes'];
    case 'segmentation':
      return ['matrix', 'classes'];
    default:
      return [];
  }
}

type ScoreFormProps = { readonly model: ModelRef; readonly scored: Scored | null };

/** On what the model is scored. */
function ScoreForm({ model, scored }: ScoreFormProps) {
  const { t } = useText('results');
  const { isBusy, score } = useScored();
  const formData = useTrainingConfig().data;
  const { value: info } = useRequest('model.info', { model });
  const [usesForm, setUsesForm] = useState(false);
  const [part, setPart] = useState<EvaluatedPart | 'auto'>('auto');
  const hasOwn = info?.data !== null;
  const isForm = usesForm || !hasOwn;
  const outputs = useMemo(() => (info === null ? [] : analyzeNetwork(info.document).outputs), [info]);
  const [chosen, setOutput] = useState<string | null>(null);
  const trained = info?.document.train?.output ?? outputs[0];
  const output = outputs.length > 1 ? (chosen ?? trained) : undefined;
  const start = (): Promise<void> =>
    score(
      {
        model,
        data: isForm ? formData : null,
        ...(part === 'auto' ? {} : { part }),
        ...(output === undefined ? {} : { output }),
      },
      t.scoring,
      output === undefined ? [] : outputs.filter((id) => id !== output),
    );
  return (
    <div className={styles['form']}>
      <Select
        label={t.dataLabel}
        value={isForm ? 'form' : 'own'}
        items={[
          ...(hasOwn ? [{ value: 'own', label: t.ownData }] : []),
          { value: 'form', label: fill(t.formData, { data: formData }) },
        ]}
        onChange={(value) => setUsesForm(value === 'form')}
      />
      <Select
        label={t.part}
        value={part}
        items={[
          { value: 'auto', label: isForm ? t.partAll : t.partAuto },
          { value: 'validation', label: t.partValidation },
          { value: 'test', label: t.partTest },
          ...(isForm ? [] : [{ value: 'all', label: t.partAll } as const]),
        ]}
        onChange={(value) => setPart(value)}
      />
      {output === undefined ? null : (
        <Select
          label={t.output}
          value={output}
          items={outputs.map((id) => ({ value: id, label: fill(t.outputNamed, { id }) }))}
          onChange={setOutput}
        />
      )}
      <div className={styles['buttons']}>
        <Button
          size="sm"
          variant={scored === null ? 'primary' : 'plain'}
          icon={<Target size={14} aria-hidden />}
          disabled={isBusy}
          onClick={() => void start()}
        >
          {scored === null ? t.score : t.again}
        </Button>
        {scored === null ? null : <SaveButton scored={scored} />}
      </div>
    </div>
  );
}

/** The scores of each task, in the order of what tells most. */
const scoresOfTask: { readonly [T in Answers['task']]: readonly ScoreName[] } = {
  classification: ['accuracy', 'baseline', 'f1', 'calibrationError', 'loss'],
  'multi-label': ['macroF1', 'everyClass', 'microF1', 'meanAveragePrecision', 'exactMatch', 'loss'],
  segmentation: ['meanIou', 'withoutFirst', 'baseline', 'accuracy', 'f1', 'loss'],
  regression: ['meanAbsolute', 'rootMeanSquare', 'r2', 'loss'],
  'image-to-image': ['psnr', 'inputPsnr', 'rootMeanSquare', 'loss', 'content', 'style', 'variation'],
};

/** Name and value of each score that the task has. */
function useScoreRows({ evaluation, answers }: Scored): readonly (readonly [string, string])[] {
  const { t } = useText('results');
  const shown = scoreTexts(evaluation, answers);
  return scoresOfTask[answers.task].flatMap((name) => {
    const value = shown[name];
    return value === undefined ? [] : [[fill(t[name], { name: answers.classes[0] ?? '' }), value] as const];
  });
}

function partName(
  t: Readonly<Record<'partValidation' | 'partTest' | 'partAll', string>>,
  part: Evaluation['part'],
): string {
  return { validation: t.partValidation, test: t.partTest, all: t.partAll }[part];
}

/** Saves all of it, with the pictures of the worst mistakes, as one file. */
function SaveButton({ scored: { evaluation, answers, asked } }: { readonly scored: Scored }) {
  const { t, language } = useText('results');
  const name = useProject((state) => state.document.name);
  const save = async (): Promise<void> => {
    const shown = await askPatiently(t.saving, 'model.samples', { ...asked, samples: reportedSamples(answers) });
    if (shown === null) return;
    if (!shown.ok) {
      notifyDiagnostics(shown.diagnostics);
      return;
    }
    const page = printEvaluationPage({ name, evaluation, answers, shown: shown.value, encode: pngOf }, language);
    saveFile(`${name || 'network'}-results.html`, page, 'text/html');
  };
  return (
    <Button size="sm" variant="quiet" icon={<FileDown size={14} aria-hidden />} onClick={() => void save()}>
      {t.save}
    </Button>
  );
}

function Scores({ scored }: { readonly scored: Scored }) {
  const { t } = useText('results');
  const rows = useScoreRows(scored);
  const { evaluation, answers } = scored;
  return (
    <>
      <FigureList rows={rows} />
      {scored.others.length === 0 ? null : <OutputScores scored={scored} />}
      <p className={styles['muted']}>
        {fill(t.scoredOn, { count: formatCount(evaluation.count), part: partName(t, evaluation.part) })}
      </p>
      {answers.task === 'classification' ? <ThresholdSlider answers={answers} /> : null}
    </>
  );
}

/** The score that tells most of each output, the one that is shown first. */
function OutputScores({ scored: { asked, evaluation, others } }: { readonly scored: Scored }) {
  const { t } = useText('results');
  const all = [{ output: asked.output ?? '', evaluation }, ...others];
  return (
    <section aria-label={t.outputs}>
      <header className={styles['head']}>
        <h3>{t.outputs}</h3>
      </header>
      <FigureList
        rows={all.map((one) => [one.output, one.evaluation === null ? t.noAnswer : mainScore(one.evaluation)] as const)}
      />
    </section>
  );
}

function mainScore({ accuracy, labels, meanIou, psnr, loss }: Evaluation): string {
  if (psnr !== undefined) return formatDecibels(psnr);
  const share = meanIou ?? labels?.macroF1 ?? accuracy;
  return share === null ? loss.toFixed(4) : percentText(share);
}

/** What becomes of the accuracy where the network may keep silent. */
function ThresholdSlider({ answers }: { readonly answers: Answers & { readonly task: 'classification' } }) {
  const { t } = useText('results');
  const [threshold, setThreshold] = useState(0);
  const { answered, accuracy } = atThreshold(answers, threshold / 100);
  const said = fill(accuracy === null ? t.thresholdNone : t.thresholdSaid, {
    threshold: `${threshold} %`,
    answered: percentText(answered),
    accuracy: percentText(accuracy),
  });
  return (
    <div className={styles['threshold']}>
      <Slider label={t.threshold} value={threshold} min={0} max={100} said={`${threshold} %`} onChange={setThreshold} />
      <p className={styles['muted']} aria-live="polite">
        {said}
      </p>
    </div>
  );
}
