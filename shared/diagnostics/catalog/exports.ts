import { text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

type Difference = {
  readonly name: string;
  readonly expected: readonly number[] | null;
  readonly actual: readonly number[] | null;
};

const maxShown = 6;

function differenceText({ name, expected, actual }: Difference): Text {
  const shape = (sizes: readonly number[] | null): string => (sizes === null ? '' : `[${sizes.join(', ')}]`);
  if (actual === null) return text(`${name} ${shape(expected)} is missing`, `缺少 ${name} ${shape(expected)}`);
  if (expected === null) return text(`${name} ${shape(actual)} has no place`, `${name} ${shape(actual)} 无处可放`);
  return text(
    `${name} is ${shape(actual)} instead of ${shape(expected)}`,
    `${name} 为 ${shape(actual)}，应为 ${shape(expected)}`,
  );
}

/** Weights of one network for the shapes of another; nothing was written. */
export function weightsDoNotFit(model: string, network: string, differences: readonly Difference[]): Diagnostic {
  const shown = differences.slice(0, maxShown).map(differenceText);
  const more = differences.length - shown.length;
  const list = (language: 'en' | 'zh'): string =>
    shown.map((one) => one[language]).join(language === 'en' ? '; ' : '；');
  return {
    code: 'export/weights-do-not-fit',
    severity: 'error',
    at: {},
    summary: text(
      `The weights of ${model} do not fit the network "${network}".`,
      `${model} 的权重与网络“${network}”不符。`,
    ),
    why: text(
      `${list('en')}${more > 0 ? `; and ${more} more` : ''}. Nothing was written.`,
      `${list('zh')}${more > 0 ? `；另有 ${more} 处` : ''}。没有写入任何内容。`,
    ),
    fixes: [],
  };
}

/** A target that has no room for weights, asked to carry some. */
export function targetTakesNoWeights(label: Text): Diagnostic {
  return {
    code: 'export/takes-no-weights',
    severity: 'error',
    at: {},
    summary: text(`${label.en} carries no weights.`, `${label.zh}不含权重。`),
    fixes: [],
  };
}

/** A target that this version knows by name only. */
export function targetNotBuilt(id: string): Diagnostic {
  return {
    code: 'export/not-available',
    severity: 'error',
    at: {},
    summary: text(`This version does not write ${id}.`, `此版本不支持导出 ${id}。`),
    fixes: [],
  };
}
