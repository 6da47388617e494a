import { readInDialect, dialects } from '../../shared/analysis/dialects';
import { explainLargestBatch, explainMemory } from '../../shared/analysis/explainTotals';
import {
  isValidInputSize,
  nearestInputSizes,
  solveAllInputSizes,
  type InputSizes,
} from '../../shared/analysis/inputSizes';
import { describeInputSizes } from '../../shared/analysis/inputSizesText';
import { estimateTrainingMemory } from '../../shared/analysis/memory';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/schema/document';
import { formatBytes, formatCount, formatShape } from '../../shared/text';
import type { OptimizerName } from '../../shared/schema/training';
import { tableLines } from './table';

/** Solving larger networks would keep the terminal waiting. */
const mostNodes = 3_000;

/** The sizes that one axis of an input takes: running at all, and without a row or column dropped. */
export type AxisSizes = { readonly works: InputSizes; readonly lossless: InputSizes };

export type InputSizesReport = {
  readonly inputId: string;
  readonly shape: readonly (number | null)[];
  readonly height: AxisSizes;
  readonly width: AxisSizes;
};

/** The valid sizes of every input that is a picture; empty for a network too large to wait for. */
export function reportInputSizes(document: NetworkDocument, analysis: NetworkAnalysis): readonly InputSizesReport[] {
  if (analysis.nodes.size > mostNodes || analysis.nodes.size < 2) return [];
  return analysis.inputs.flatMap((inputId) => {
    const shape = analysis.nodes.get(inputId)?.outputShape;
    if (shape?.length !== 3) return [];
    const { works, lossless } = solveAllInputSizes(document, inputId);
    const along = (axis: 0 | 1): AxisSizes => ({ works: works[axis], lossless: lossless[axis] });
    return [{ inputId, shape, height: along(0), width: along(1) }];
  });
}

/** `--input-sizes --json`. */
export function inputSizesJson(reports: readonly InputSizesReport[]): readonly object[] {
  const sizesJson = (sizes: InputSizes): object => ({
    text: describeInputSizes(sizes).en,
    classes: sizes.classes,
    proven: sizes.proven,
  });
  const axisJson = ({ works, lossless }: AxisSizes, length: number | null): object => ({
    works: sizesJson(works),
    lossless: sizesJson(lossless),
    nearest: length === null ? null : nearestInputSizes(lossless, length),
  });
  return reports.map(({ inputId, shape, height, width }) => ({
    nodeId: inputId,
    height: axisJson(height, shape[0] ?? null),
    width: axisJson(width, shape[1] ?? null),
  }));
}

/** One line an input: `Input sizes  image: 12 mod 16, from 188 (572×572 is one; any size from 188 runs)`. */
export function inputSizesLines(reports: readonly InputSizesReport[]): readonly string[] {
  return reports.map(({ inputId, shape, height, width }) => {
    const both = (pick: (axis: AxisSizes) => InputSizes): string => {
      const [rows, columns] = [describeInputSizes(pick(height)).en, describeInputSizes(pick(width)).en];
      return rows === columns ? rows : `height ${rows}; width ${columns}`;
    };
    const hasLossless = height.lossless.classes.length > 0 && width.lossless.classes.length > 0;
    const best = (axis: AxisSizes): InputSizes => (hasLossless ? axis.lossless : axis.works);
    const [tall = null, wide = null] = shape;
    const notes: string[] = [];
    if (tall !== null && wide !== null) {
      const isOne = isValidInputSize(best(height), tall) && isValidInputSize(best(width), wide);
      const size = formatShape([tall, wide]);
      const nearest = nearestPairs([best(height), best(width)], [tall, wide]);
      if (isOne) notes.push(`${size} is one`);
      else if (nearest.length > 0) notes.push(`${size} is not one; nearest ${nearest.join(' and ')}`);
    }
    if (reports.length > 1) notes.push('the other inputs as they are');
    const runs = both(({ works }) => works);
    if (runs !== both(best)) notes.push(`${runs} runs, with borders cut off`);
    return `Input sizes  ${reports.length > 1 ? `${inputId}: ` : ''}${both(best)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
  });
}

/** The next smaller and the next larger size: one number where both sides are equal. */
function nearestPairs(
  [rows, columns]: readonly [InputSizes, InputSizes],
  [tall, wide]: readonly [number, number],
): readonly string[] {
  const [vertical, horizontal] = [nearestInputSizes(rows, tall), nearestInputSizes(columns, wide)];
  const pairs = (['below', 'above'] as const).flatMap((side) => {
    // A side that fits as it is may have nothing beyond it.
    const [height, width] = [vertical[side], horizontal[side]];
    if (height === null || width === null) return [];
    return [height === width ? formatCount(height) : formatShape([height, width])];
  });
  return [...new Set(pairs)];
}

export type DialectRow = {
  readonly dialect: (typeof dialects)[number];
  readonly nodeId: string;
  readonly ours: readonly (number | null)[] | null;
  readonly theirs: readonly (number | null)[] | null;
  readonly inherited: boolean;
  readonly reason: string;
};

/** The nodes that TensorFlow, PyTorch and Caffe would size or place otherwise. */
export function reportDialects(document: NetworkDocument): readonly DialectRow[] {
  return dialects.flatMap((dialect) =>
    readInDialect(document, dialect).map(({ nodeId, ours, theirs, inherited, reason }) => ({
      dialect,
      nodeId,
      ours,
      theirs,
      inherited,
      reason: reason.en,
    })),
  );
}

export function dialectLines(rows: readonly DialectRow[]): readonly string[] {
  const shown = (shape: DialectRow['ours']): string => (shape === null ? '–' : formatShape(shape));
  const names = { tensorflow: 'TensorFlow', pytorch: 'PyTorch', caffe: 'Caffe' } as const;
  const lines = dialects.flatMap((dialect) => {
    const all = rows.filter((row) => row.dialect === dialect);
    const own = all.filter(({ inherited }) => !inherited);
    if (all.length === 0) return [`Sized as ${names[dialect]}: the same everywhere.`];
    const rest = all.length - own.length;
    const table = tableLines(
      [
        { title: 'Node', align: 'left' },
        { title: 'Here', align: 'right' },
        { title: names[dialect], align: 'right' },
        { title: 'Why', align: 'left' },
      ],
      own.map((row) => [row.nodeId, shown(row.ours), shown(row.theirs), row.reason]),
    );
    const more =
      rest === 0
        ? []
        : [`${formatCount(rest)} more ${rest === 1 ? 'node gets' : 'nodes get'} another size from above.`];
    return [`Sized as ${names[dialect]}:`, ...table.map((line) => `  ${line}`), ...more.map((line) => `  ${line}`)];
  });
  return ['', ...lines];
}

/** What `--batch-size` asks for. */
export type MemoryQuestion = {
  readonly batchSize: number;
  readonly optimizer: OptimizerName;
  readonly availableBytes: number;
};

/** `--batch-size N --json`; null while a size is open. */
export function memoryJson(analysis: NetworkAnalysis, question: MemoryQuestion): object | null {
  const { batchSize, optimizer, availableBytes } = question;
  const memory = estimateTrainingMemory(analysis, batchSize, optimizer);
  if (memory === null) return null;
  const largest = explainLargestBatch(analysis, optimizer, availableBytes)?.batchSize ?? null;
  return { batchSize, optimizer, ...memory, availableBytes, largestBatchSize: largest };
}

export function memoryLines(analysis: NetworkAnalysis, question: MemoryQuestion): readonly string[] {
  const { batchSize, optimizer, availableBytes } = question;
  const memory = estimateTrainingMemory(analysis, batchSize, optimizer);
  if (memory === null) return ['', 'Training memory is known once every size is.'];
  const largest = explainLargestBatch(analysis, optimizer, availableBytes);
  const rows = explainMemory(analysis, memory, batchSize, optimizer).map(({ title, formula, numbers, result }) => [
    title.en,
    formula,
    numbers,
    result,
  ]);
  return [
    '',
    `Training memory, batch ${formatCount(batchSize)}, ${optimizer}: ${formatBytes(memory.totalBytes)}`,
    ...tableLines(
      [
        { title: 'Part', align: 'left' },
        { title: 'Formula', align: 'left' },
        { title: 'Numbers', align: 'left' },
        { title: 'Bytes', align: 'right' },
      ],
      rows,
    ).map((line) => `  ${line}`),
    ...(largest === null
      ? []
      : [
          `  Largest batch in ${formatBytes(availableBytes)}: ${largest.explanation.numbers} = ${formatCount(largest.batchSize)}`,
        ]),
  ];
}
