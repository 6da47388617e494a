import { formatCount, text, type Text } from '../text';
import { resolvePadding, upconvLength, windowCount, windowSpan, type WindowAxis } from './arithmetic';
import type { Explanation } from './define';

const sizeTitle = text('Size', '大小');
const heightTitle = text('Height', '高');
const widthTitle = text('Width', '宽');

/** A size in a formula; unknown sizes stay a letter's stand-in. */
export function number(value: number | null): string {
  return value === null ? '?' : formatCount(value).replace('-', '−');
}

/** The size of a window layer's output, one line when both axes are alike. */
export function explainWindow(
  axes: readonly [height: WindowAxis, width: WindowAxis],
  rounding: 'floor' | 'ceil' = 'floor',
): Explanation[] {
  return perAxis(axes, (axis) => windowFormula(axis, rounding));
}

/** The size of an up-conv's output, one line when both axes are alike. */
export function explainUpconv(
  axes: readonly [height: WindowAxis, width: WindowAxis],
  outputPadding: readonly [number, number],
): Explanation[] {
  const [height, width] = axes;
  return perAxis(
    [
      { ...height, extra: outputPadding[0] },
      { ...width, extra: outputPadding[1] },
    ],
    upconvFormula,
  );
}

type Formula = Pick<Explanation, 'formula' | 'numbers' | 'result'>;

function perAxis<A extends WindowAxis>(
  axes: readonly [height: A, width: A],
  formulaOf: (axis: A) => Formula,
): Explanation[] {
  const height = formulaOf(axes[0]);
  const width = formulaOf(axes[1]);
  const isSame = height.formula === width.formula && height.numbers === width.numbers;
  if (isSame) return [{ about: 'shape', title: sizeTitle, ...height }];
  return [
    { about: 'shape', title: heightTitle, ...height },
    { about: 'shape', title: widthTitle, ...width },
  ];
}

/**
 * The number of window positions with its numbers: the lecture's b = x − a + 1 where nothing else plays a part, and only as much
 * of the general form as these params use.
 */
export function windowFormula(axis: WindowAxis, rounding: 'floor' | 'ceil' = 'floor'): Formula {
  const { length, size, stride, dilation, padding } = axis;
  const x = number(length);
  const result = number(windowCount(axis, rounding));
  if (padding === 'same') {
    return stride === 1
      ? { formula: 'b = x', numbers: x, result }
      : { formula: 'b = ⌈x / s⌉', numbers: `⌈${x} / ${stride}⌉`, result };
  }
  const [before, after] = padding;
  const pads = before === 0 && after === 0 ? null : before === after ? 'one' : 'two';
  const padFormula = pads === null ? '' : pads === 'one' ? ' + 2p' : ' + p₀ + p₁';
  const padNumbers = pads === null ? '' : pads === 'one' ? ` + 2·${before}` : ` + ${before} + ${after}`;
  const spanFormula = dilation === 1 ? ' − a' : ' − d·(a − 1) − 1';
  const spanNumbers = dilation === 1 ? ` − ${size}` : ` − ${dilation}·(${size} − 1) − 1`;
  const room = { formula: `x${padFormula}${spanFormula}`, numbers: `${x}${padNumbers}${spanNumbers}` };
  if (stride === 1) return { formula: `b = ${room.formula} + 1`, numbers: `${room.numbers} + 1`, result };
  const [open, close] = rounding === 'floor' ? ['⌊', '⌋'] : ['⌈', '⌉'];
  // A last window that would start behind the input does not count; then the plain formula is one too many.
  const dropped = rounding === 'ceil' && length !== null && isLastDropped(axis) ? ' − 1' : '';
  return {
    formula: `b = ${open}(${room.formula}) / s${close} + 1${dropped}`,
    numbers: `${open}(${room.numbers}) / ${stride}${close} + 1${dropped}`,
    result,
  };
}

function isLastDropped(axis: WindowAxis): boolean {
  const pads = resolvePadding(axis);
  if (pads === null || axis.length === null) return false;
  const room = axis.length + pads[0] + pads[1] - windowSpan(axis.size, axis.dilation);
  return Math.ceil(room / axis.stride) + 1 !== windowCount(axis, 'ceil');
}

function upconvFormula(axis: WindowAxis & { readonly extra: number }): Formula {
  const { length, size, stride, dilation, padding, extra } = axis;
  const x = number(length);
  const result = number(upconvLength(axis, extra));
  if (padding === 'same') return { formula: 'b = x·s', numbers: `${x}·${stride}`, result };
  const [before, after] = padding;
  const hasPads = before !== 0 || after !== 0;
  const padFormula = !hasPads ? '' : before === after ? ' − 2p' : ' − p₀ − p₁';
  const padNumbers = !hasPads ? '' : before === after ? ` − 2·${before}` : ` − ${before} − ${after}`;
  const spanFormula = dilation === 1 ? ' + a' : ' + d·(a − 1) + 1';
  const spanNumbers = dilation === 1 ? ` + ${size}` : ` + ${dilation}·(${size} − 1) + 1`;
  return {
    formula: `b = (x − 1)·s${padFormula}${spanFormula}${extra === 0 ? '' : ' + o'}`,
    numbers: `(${x} − 1)·${stride}${padNumbers}${spanNumbers}${extra === 0 ? '' : ` + ${extra}`}`,
    result,
  };
}

/** Where TensorFlow's 'same' puts its zeros, as live numbers; null when the padding is not 'same' or not yet known. */
export function samePaddingNote(axes: readonly [height: WindowAxis, width: WindowAxis]): Explanation | null {
  const [height, width] = axes;
  if (height.padding !== 'same') return null;
  const vertical = resolvePadding(height);
  const horizontal = resolvePadding(width);
  if (vertical === null || horizontal === null) return null;
  return {
    about: 'shape',
    title: text('Padding: top, bottom, left, right', '填充：上、下、左、右'),
    formula: 'p = max((b − 1)·s + a − x, 0)',
    numbers: `${vertical[0] + vertical[1]}, ${horizontal[0] + horizontal[1]}`,
    result: [...vertical, ...horizontal].join(', '),
  };
}

/** The parameters of a layer that slides or spreads a window: (a·a·cᵢ + 1)·cₒ. */
export function explainKernelParams(
  kernel: readonly [number, number],
  inputs: number | null,
  outputs: number,
  options: { readonly useBias: boolean; readonly groups: number },
): Explanation {
  const { useBias, groups } = options;
  const perGroup = inputs === null ? null : inputs / groups;
  const window = `${kernel[0]}·${kernel[1]}·${number(perGroup)}`;
  const channels = groups === 1 ? 'cᵢ' : '(cᵢ / g)';
  const count = perGroup === null ? null : (kernel[0] * kernel[1] * perGroup + (useBias ? 1 : 0)) * outputs;
  return {
    about: 'params',
    title: paramsTitle,
    formula: useBias ? `(${windowLetters(kernel)}·${channels} + 1)·cₒ` : `${windowLetters(kernel)}·${channels}·cₒ`,
    numbers: useBias ? `(${window} + 1)·${formatCount(outputs)}` : `${window}·${formatCount(outputs)}`,
    result: number(count),
  };
}

function windowLetters(kernel: readonly [number, number]): string {
  return kernel[0] === kernel[1] ? 'a·a' : 'a₁·a₂';
}

export const paramsTitle = text('All parameters', '全部参数');
export const macsTitle = text('Multiply-adds', '乘加次数');
export const valuesTitle = text('Values', '数值个数');

/** The multiply-adds of a window layer: window times channels, at every position of a map. */
export function explainKernelMacs(
  kernel: readonly [number, number],
  channels: readonly [inputs: number | null, outputs: number],
  grid: readonly [height: number | null, width: number | null],
  options: { readonly groups: number; readonly gridFormula: string },
): Explanation {
  const perGroup = channels[0] === null ? null : channels[0] / options.groups;
  const known = perGroup !== null && grid[0] !== null && grid[1] !== null;
  const count = known ? kernel[0] * kernel[1] * perGroup * channels[1] * (grid[0] ?? 0) * (grid[1] ?? 0) : null;
  return {
    about: 'macs',
    title: macsTitle,
    formula: `${windowLetters(kernel)}·${options.groups === 1 ? 'cᵢ' : '(cᵢ / g)'}·cₒ·${options.gridFormula}`,
    numbers: `${kernel[0]}·${kernel[1]}·${number(perGroup)}·${formatCount(channels[1])}·${number(grid[0])}·${number(grid[1])}`,
    result: number(count),
  };
}

/** A single line of arithmetic. */
export function explainLine(
  about: Explanation['about'],
  title: Text,
  formula: string,
  numbers: string,
  result: number | null,
): Explanation {
  return { about, title, formula, numbers, result: number(result) };
}
