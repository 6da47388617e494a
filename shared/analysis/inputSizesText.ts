import { formatCount, text, type Text } from '../text';
import type { InputSizes } from './inputSizes';

/** More residues or lengths than this are counted and not listed. */
const longestList = 6;

/**
 * The lengths that a network takes, as a congruence in words: U-Net's `{ min: 188, period: 16 }` is "12 mod 16, from 188", padding to
 * the same size with four pools "multiples of 16", one class of period 1 "any size from 188".
 */
export function describeInputSizes({ classes, proven, searched }: InputSizes): Text {
  const described = describeClasses(classes);
  if (proven) return described;
  return text(
    `${described.en} (tried up to ${formatCount(searched)})`,
    `${described.zh}（试到 ${formatCount(searched)} 为止）`,
  );
}

function describeClasses(classes: InputSizes['classes']): Text {
  const single = classes.filter(({ period }) => period === 0);
  if (single.length > 0 && single.length < classes.length) {
    const rest = describeClasses(classes.filter(({ period }) => period > 0));
    const lengths = single.map(({ min }) => formatCount(min));
    return text(`${rest.en}, and ${lengths.join(', ')}`, `${rest.zh}，以及 ${lengths.join('、')}`);
  }
  const [first] = classes;
  if (first === undefined) return text('no size fits', '没有合适的大小');
  const { min, period } = first;
  if (period === 0) return describeList(classes.map((one) => one.min));
  const from = min <= period ? text('', '') : text(`, from ${formatCount(min)}`, `，从 ${formatCount(min)} 起`);
  if (period === 1) {
    return min === 1
      ? text('any size', '任意大小')
      : text(`any size from ${formatCount(min)}`, `${formatCount(min)} 起的任意大小`);
  }
  const isOneRun = classes.every((one) => one.min < min + period);
  if (!isOneRun) return describeApart(classes);
  const residues = classes.map((one) => one.min % period).sort((a, b) => a - b);
  if (residues.length === 1 && residues[0] === 0) {
    return text(`multiples of ${formatCount(period)}${from.en}`, `${formatCount(period)} 的倍数${from.zh}`);
  }
  if (residues.length > longestList) {
    return text(
      `${formatCount(residues.length)} of ${formatCount(period)} remainders mod ${formatCount(period)}${from.en}`,
      `模 ${formatCount(period)} 的 ${formatCount(residues.length)} 种余数${from.zh}`,
    );
  }
  return text(
    `${orList(residues)} mod ${formatCount(period)}${from.en}`,
    `模 ${formatCount(period)} 余 ${residues.join('、')}${from.zh}`,
  );
}

/** Classes whose first lengths lie more than a period apart. */
function describeApart(classes: InputSizes['classes']): Text {
  const shown = classes.slice(0, longestList);
  const rest = classes.length - shown.length;
  const en = shown.map(({ min, period }) => `${min % period} mod ${period} from ${formatCount(min)}`);
  const zh = shown.map(({ min, period }) => `从 ${formatCount(min)} 起模 ${period} 余 ${min % period}`);
  if (rest === 0) return text(en.join('; '), zh.join('；'));
  return text(`${en.join('; ')}; and ${rest} more`, `${zh.join('；')}；另有 ${rest} 类`);
}

function describeList(lengths: readonly number[]): Text {
  const shown = lengths.slice(0, longestList).map(formatCount);
  const rest = lengths.length - shown.length;
  if (rest === 0) return text(`only ${orList(shown)}`, `只有 ${shown.join('、')}`);
  return text(`${shown.join(', ')} and ${rest} more`, `${shown.join('、')} 等 ${lengths.length} 个大小`);
}

function orList(items: readonly (string | number)[]): string {
  const last = items.at(-1);
  return items.length < 2 ? String(last) : `${items.slice(0, -1).join(', ')} or ${String(last)}`;
}
