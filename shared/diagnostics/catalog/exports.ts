import { formatBytes, formatCount, text, type Text } from '../../text';
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
      `${model} 的权值与网络“${network}”不符。`,
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
    summary: text(`${label.en} carries no weights.`, `${label.zh}不含权值。`),
    fixes: [],
  };
}

/** A picture of more pixels than a machine should be asked for; nothing was written. */
export function pictureTooLarge(width: number, height: number, most: number): Diagnostic {
  const [size, limit] = [`${formatCount(width)}×${formatCount(height)}`, formatCount(most)];
  return {
    code: 'export/picture-too-large',
    severity: 'error',
    at: {},
    summary: text(`The picture would have ${size} pixels.`, `该图将有 ${size} 像素。`),
    why: text(
      `At most ${limit} pixels are drawn. Choose a smaller width or fewer dots per inch, or SVG or PDF, which have no pixels.`,
      `最多绘制 ${limit} 像素。请减小宽度或分辨率，或改用没有像素的 SVG 或 PDF。`,
    ),
    fixes: [],
  };
}

/** Names in characters that no font of the app or of this machine has. */
export function noFontFor(characters: string): Diagnostic {
  return {
    code: 'export/no-font',
    severity: 'error',
    at: {},
    summary: text(`No font on this machine has ${characters}.`, `本机没有包含 ${characters} 的字体。`),
    why: text(
      'A PDF and a picture carry the shapes of their letters. Install Noto Sans CJK, or write SVG, which leaves the letters to its reader.',
      'PDF 和像素图需要字形。请安装 Noto Sans CJK，或改用由阅读器显示文字的 SVG。',
    ),
    fixes: [],
  };
}

/** The package that draws pixels is not installed here. */
export function noRasterizer(reason: string): Diagnostic {
  return {
    code: 'export/no-rasterizer',
    severity: 'error',
    at: {},
    summary: text('PNG cannot be drawn on this machine.', '本机无法绘制 PNG。'),
    why: text(
      `The optional package @resvg/resvg-js does not load: ${reason}. SVG and PDF need no package.`,
      `可选包 @resvg/resvg-js 无法加载：${reason}。SVG 和 PDF 不需要它。`,
    ),
    fixes: [],
  };
}

/** A form that holds its weights in one protocol buffer, asked for more than that holds; nothing was written. */
export function tooLargeForTarget(target: string, sizeBytes: number, limitBytes: number): Diagnostic {
  const [size, limit] = [sizeBytes, limitBytes].map(formatBytes);
  return {
    code: 'export/too-large',
    severity: 'error',
    at: {},
    summary: text(
      `The weights take ${size}, and a ${target} file holds at most ${limit}.`,
      `权值共 ${size}，而 ${target} 文件最多容纳 ${limit}。`,
    ),
    why: text(
      'The file is one protocol buffer, which ends there. Write safetensors, which has no such end, or make the network smaller. Nothing was written.',
      '该文件是单个 protocol buffer，以此为上限。请改用没有此上限的 safetensors，或缩小网络。没有写入任何内容。',
    ),
    fixes: [],
  };
}

/** A layer that a target can write only for sizes that are known; nothing was written. */
export function sizeMustBeKnown(nodeId: string, target: string): Diagnostic {
  return {
    code: 'export/size-open',
    severity: 'error',
    at: { nodeId },
    summary: text(
      `“${nodeId}” cannot be written for ${target} while the input leaves its size open.`,
      `输入大小待定时，“${nodeId}”无法导出到 ${target}。`,
    ),
    why: text(
      'What this layer does hangs on the size, and the format has no words for that. Give the input a height and a width. Nothing was written.',
      '这一层的计算取决于大小，而该格式无法表达。请给输入设定高和宽。没有写入任何内容。',
    ),
    fixes: [],
  };
}

/** Bare weights, asked for without a model that has some; nothing was written. */
export function targetNeedsWeights(label: Text): Diagnostic {
  return {
    code: 'export/needs-weights',
    severity: 'error',
    at: {},
    summary: text(`${label.en}: there are no weights to write.`, `${label.zh}：没有可写入的权值。`),
    why: text(
      'The network alone has none, and ones that it would start with say nothing. Name a run or a model, as with --run.',
      '仅有网络时没有权值，而初始权值没有意义。请用 --run 指定一次训练或一个模型。',
    ),
    fixes: [],
  };
}
