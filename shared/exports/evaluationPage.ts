import { samplePictures, type Pixels, type ShownSamples } from '../ops/pixels';
import type { ClassTask, EvaluatedPart } from '../schema/data';
import { formatCount, text, type Language, type Text } from '../text';
import { areStyled, hasClasses, type Answers, type AnswersOf } from '../training/answers';
import {
  calibrationOf,
  cellShades,
  classScores,
  commonestConfusions,
  confusionOf,
  meanScores,
  worstSamples,
  type Calibration,
  type ClassScore,
  type ConfusionMatrix,
} from '../training/confusion';
import { labelClassScores, type LabelClassScore } from '../training/labelScores';
import {
  percentText,
  sampleLabelsText,
  samplePsnrText,
  scoreTexts,
  valuesText,
  type SetScores,
} from '../training/scoreTexts';
import { escapeXml } from './escapeXml';
import { printHtmlPage } from './htmlPage';
import { lineText } from './names';

/** What one file tells of how good a model is. */
export type EvaluationReport = {
  /** Of the network. */
  readonly name: string;
  readonly evaluation: SetScores & {
    readonly data: string;
    readonly engine: string;
    readonly count: number;
    readonly part: EvaluatedPart;
  };
  readonly answers: Answers;
  /** The samples of {@link reportedSamples}, in their order. */
  readonly shown: ShownSamples & { readonly names: readonly string[] };
  /** A picture as PNG in base64. */
  readonly encode: (pixels: Pixels) => string;
};

const worstShown = 24;
/** Larger matrices are given by their largest mistakes alone: nobody reads a million cells. */
const mostClasses = 60;
const mostConfusions = 40;

const words = {
  title: text('Evaluation of {name}', '{name} 的评估'),
  data: text('Data', '数据'),
  part: text('Scored on', '评估范围'),
  engine: text('Engine', '引擎'),
  samples: text('Samples', '样本数'),
  loss: text('Loss', '损失'),
  accuracy: text('Accuracy', '准确率'),
  meanIou: text('Mean IoU', '平均交并比'),
  withoutFirst: text('Mean IoU without “{name}”', '不含“{name}”的平均交并比'),
  baseline: text('The commonest class alone', '只答最常见的类别'),
  macroF1: text('Mean F1 of the classes', '各类别的平均 F1'),
  microF1: text('F1 of all answers (micro)', '全部判断的 F1（微平均）'),
  meanAveragePrecision: text('Mean average precision (mAP)', '平均查准率的均值（mAP）'),
  exactMatch: text('All classes right', '全部类别正确'),
  everyClass: text('Every class for all: mean F1', '全部给出所有类别时的平均 F1'),
  averagePrecision: text('AP', 'AP'),
  noLabels: text('none', '无'),
  labelsOff: text('{truth}; said {given}', '真实 {truth}；答出 {given}'),
  matrix: text('Confusion matrix', '混淆矩阵'),
  matrixHint: text(
    'Rows are what is true, columns what the network says. Each cell is a count; the stronger its colour, the larger its part of the row.',
    '行为真实类别，列为网络的答案。单元格为计数，颜色表示它占该行的比例。',
  ),
  confusions: text('The commonest confusions', '最常见的混淆'),
  perClass: text('By class', '各类别'),
  class: text('Class', '类别'),
  precision: text('Precision', '查准率'),
  recall: text('Recall', '查全率'),
  given: text('Given', '答出'),
  absent: text('No sample: {names}. Left out of the means.', '没有样本：{names}。不计入平均值。'),
  calibration: text('Calibration', '校准'),
  calibrationHint: text(
    'Bars: how often answers of a confidence are right. The line: how often they would be if confidences could be taken at their word. Expected calibration error {error}.',
    '条形：某一置信度的答案有多少是正确的。直线：若置信度名副其实应有的比例。期望校准误差 {error}。',
  ),
  worst: text('The worst mistakes', '最严重的错误'),
  noMistakes: text('None: every answer is right.', '没有：全部答案都正确。'),
  isSaid: text('{truth}, taken for {given} ({confidence})', '{truth}，被认作 {given}（{confidence}）'),
  overlap: text('IoU {iou}', '交并比 {iou}'),
  off: text('{truth}, said {given}', '真实值 {truth}，答出 {given}'),
  absolute: text('Mean absolute error', '平均绝对误差'),
  root: text('Root mean squared error', '均方根误差'),
  r2: text('R²', 'R²'),
  psnr: text('PSNR', '峰值信噪比'),
  inputPsnr: text('The input, resized', '缩放后的输入'),
  content: text('of which content', '其中内容'),
  style: text('of which style', '其中风格'),
  variation: text('of which smoothness', '其中平滑'),
  stylePicture: text('Style', '风格图像'),
  styled: text('Pictures in the style', '风格化的图像'),
  input: text('Picture', '图像'),
  truth: text('Truth', '真实'),
  said: text('Given', '答出'),
  partNames: {
    validation: text('the validation part', '验证部分'),
    test: text('the test part', '测试部分'),
    all: text('all of the data', '全部数据'),
  },
} as const;

type Fields = { readonly [name: string]: string };

function writer(language: Language): (message: Text, fields?: Fields) => string {
  return (message, fields = {}) =>
    escapeXml(message[language].replace(/\{(\w+)\}/g, (whole, name: string) => lineText(fields[name] ?? whole)));
}

type Write = ReturnType<typeof writer>;

/** The samples that a report shows: the worst mistakes. */
export function reportedSamples(answers: Answers): readonly number[] {
  return worstSamples(answers, worstShown);
}

/** Prints a report as one HTML file, pictures inside. */
export function printEvaluationPage(report: EvaluationReport, language: Language): string {
  const write = writer(language);
  const { answers } = report;
  const title = write(words.title, { name: report.name === '' ? '–' : report.name });
  return printHtmlPage({
    language,
    title,
    style,
    body: [
      facts(report, write),
      ...(hasClasses(answers) ? classSections(answers, write) : []),
      ...(answers.task === 'multi-label' ? [classSection(labelClassScores(answers), write)] : []),
      ...(answers.task === 'classification' ? [calibrationSection(calibrationOf(answers), write)] : []),
      worstSection(report, write),
    ],
  });
}

function facts({ evaluation, answers }: EvaluationReport, write: Write): string {
  const { data, part, engine, count } = evaluation;
  const shown = scoreTexts(evaluation, answers);
  const rows: readonly (readonly [string, string | undefined])[] = [
    [write(words.data), escapeXml(lineText(data))],
    [write(words.part), write(words.partNames[part])],
    [write(words.samples), formatCount(count)],
    [write(words.engine), escapeXml(engine)],
    [write(words.loss), shown.loss],
    [write(words.accuracy), shown.accuracy],
    [write(words.meanIou), shown.meanIou],
    [write(words.withoutFirst, { name: answers.classes[0] ?? '' }), shown.withoutFirst],
    [write(words.baseline), shown.baseline],
    [write(words.macroF1), shown.f1 ?? shown.macroF1],
    [write(words.everyClass), shown.everyClass],
    [write(words.microF1), shown.microF1],
    [write(words.meanAveragePrecision), shown.meanAveragePrecision],
    [write(words.exactMatch), shown.exactMatch],
    [write(words.absolute), shown.meanAbsolute],
    [write(words.root), shown.rootMeanSquare],
    [write(words.r2), shown.r2],
    [write(words.psnr), shown.psnr],
    [write(words.inputPsnr), shown.inputPsnr],
    [write(words.content), shown.content],
    [write(words.style), shown.style],
    [write(words.variation), shown.variation],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return `<dl>${known.map(([name, value]) => `<div><dt>${name}</dt><dd>${value ?? ''}</dd></div>`).join('')}</dl>`;
}

function classSections(answers: AnswersOf<ClassTask>, write: Write): readonly string[] {
  const matrix = confusionOf(answers);
  const scores = classScores(matrix, answers.classes);
  const isSmall = answers.classes.length <= mostClasses;
  return [
    isSmall ? matrixSection(matrix, answers.classes, write) : confusionsSection(matrix, answers.classes, write),
    classSection(scores, write),
  ];
}

function matrixSection(matrix: ConfusionMatrix, classes: readonly string[], write: Write): string {
  const names = classes.map((name) => escapeXml(lineText(name)));
  const head = `<tr><td></td>${names.map((name) => `<th scope="col">${name}</th>`).join('')}</tr>`;
  const rows = matrix.map((row, truth) => {
    const shades = cellShades(row, truth);
    const cells = row.map((count, given) => {
      const hue = given === truth ? 'hit' : 'miss';
      return `<td class="${hue}" style="--share:${(shades[given] ?? 0).toFixed(3)}">${count === 0 ? '' : formatCount(count)}</td>`;
    });
    return `<tr><th scope="row">${names[truth] ?? ''}</th>${cells.join('')}</tr>`;
  });
  return `<h2>${write(words.matrix)}</h2><p>${write(words.matrixHint)}</p><div class="wide"><table class="matrix">${head}${rows.join('')}</table></div>`;
}

/** The largest cells off the diagonal. */
function confusionsSection(matrix: ConfusionMatrix, classes: readonly string[], write: Write): string {
  const nameOf = (index: number): string => escapeXml(lineText(classes[index] ?? ''));
  const rows = commonestConfusions(matrix, mostConfusions).map(
    ({ truth, given, count }) =>
      `<tr><th scope="row">${nameOf(truth)}</th><td>${nameOf(given)}</td><td>${formatCount(count)}</td></tr>`,
  );
  const head = [words.class, words.given, words.samples].map((one) => `<th scope="col">${write(one)}</th>`).join('');
  return `<h2>${write(words.confusions)}</h2><table><tr>${head}</tr>${rows.join('')}</table>`;
}

function classSection(scores: readonly (ClassScore | LabelClassScore)[], write: Write): string {
  const hasPrecisions = scores.some((score) => 'averagePrecision' in score);
  const columns = [
    words.class,
    words.samples,
    words.given,
    words.precision,
    words.recall,
    text('F1', 'F1'),
    text('IoU', '交并比'),
    ...(hasPrecisions ? [words.averagePrecision] : []),
  ];
  const head = columns.map((one) => `<th scope="col">${write(one)}</th>`).join('');
  const rows = scores.map((score) => {
    const { name, count, given, precision, recall, f1, iou } = score;
    const shares = [precision, recall, f1, iou, ...('averagePrecision' in score ? [score.averagePrecision] : [])];
    const cells = shares.map((share) => `<td>${percentText(share)}</td>`).join('');
    return `<tr><th scope="row">${escapeXml(lineText(name))}</th><td>${formatCount(count)}</td><td>${formatCount(given)}</td>${cells}</tr>`;
  });
  const { absent } = meanScores(scores);
  const left = absent.length === 0 ? '' : `<p>${write(words.absent, { names: absent.join(', ') })}</p>`;
  return `<h2>${write(words.perClass)}</h2>${left}<div class="wide"><table><tr>${head}</tr>${rows.join('')}</table></div>`;
}

function calibrationSection({ bins, error }: Calibration, write: Write): string {
  const [width, height] = [320, 160];
  const step = width / bins.length;
  const bars = bins.map(({ accuracy, count }, index) =>
    count === 0
      ? ''
      : `<rect x="${(index * step + 2).toFixed(1)}" y="${((1 - accuracy) * height).toFixed(1)}" width="${(step - 4).toFixed(1)}" height="${(accuracy * height).toFixed(1)}"><title>${percentText(accuracy)} / ${formatCount(count)}</title></rect>`,
  );
  const hint = write(words.calibrationHint, { error: percentText(error) });
  return `<h2>${write(words.calibration)}</h2><p>${hint}</p><svg viewBox="-4 -4 ${width + 8} ${height + 8}" width="${width}" role="img" aria-label="${write(words.calibration)}"><g>${bars.join('')}</g><path d="M0 ${height}L${width} 0"/><path d="M0 0V${height}H${width}"/></svg>`;
}

function captionOf({ answers }: EvaluationReport, sample: number, write: Write): string {
  switch (answers.task) {
    case 'classification': {
      const nameOf = (index: number | undefined): string => answers.classes[index ?? -1] ?? '';
      return write(words.isSaid, {
        truth: nameOf(answers.truth[sample]),
        given: nameOf(answers.given[sample]),
        confidence: percentText(answers.confidence[sample] ?? 0),
      });
    }
    case 'multi-label': {
      const none = write(words.noLabels);
      return write(words.labelsOff, {
        truth: sampleLabelsText(answers, 'truth', sample, none),
        given: sampleLabelsText(answers, 'given', sample, none),
      });
    }
    case 'segmentation':
      return write(words.overlap, { iou: percentText(answers.sampleIou[sample] ?? 0) });
    case 'regression':
      return write(words.off, {
        truth: valuesText(answers, answers.truth, sample),
        given: valuesText(answers, answers.given, sample),
      });
    case 'image-to-image':
      return samplePsnrText(answers, sample);
  }
}

function worstSection(report: EvaluationReport, write: Write): string {
  const { answers, shown, encode } = report;
  const worst = reportedSamples(answers);
  const head = `<h2>${write(areStyled(answers) ? words.styled : words.worst)}</h2>`;
  if (worst.length === 0) return `${head}<p>${write(words.noMistakes)}</p>`;
  const altOf = { input: words.input, truth: words.truth, given: words.said, style: words.stylePicture };
  const figures = worst.map((sample, row) => {
    const pictures = samplePictures(shown, row, answers.classes.length).map(
      ({ of, pixels }) =>
        `<img src="data:image/png;base64,${encode(pixels)}" alt="${write(altOf[of])}" title="${write(altOf[of])}">`,
    );
    const name = escapeXml(lineText(shown.names[row] || `${sample + 1}`));
    return `<figure>${pictures.join('')}<figcaption>${captionOf(report, sample, write)}<br><small>${name}</small></figcaption></figure>`;
  });
  return `${head}<div class="grid">${figures.join('')}</div>`;
}

const style = `
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:13px}
th,td{padding:4px 10px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}th{font-weight:600}th[scope=row]{text-align:left}
.matrix td{min-width:34px}.matrix td,.matrix th[scope=col]{text-align:center}.hit{background:rgba(var(--hit),calc(var(--share)*.55))}.miss{background:rgba(var(--miss),calc(var(--share)*.85))}
svg rect{fill:var(--bar)}svg path{fill:none;stroke:var(--mute)}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:16px}figure{margin:0}
img{width:96px;height:96px;object-fit:contain;image-rendering:pixelated;background:#101218;border-radius:6px;margin:0 4px 4px 0}figcaption{font-size:13px}
`.trim();
