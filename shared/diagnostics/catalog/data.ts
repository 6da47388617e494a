import { formatBytes, text } from '../../text';
import type { Text } from '../../text';
import type { Diagnostic } from '../diagnostic';

function dataError(code: string, summary: Text, why?: Text): Diagnostic {
  return { code, severity: 'error', at: {}, summary, ...(why === undefined ? {} : { why }), fixes: [] };
}

/** A data spec that names no known kind. `known` are the specs that there are. */
export function unknownDataSpec(spec: string, known: readonly string[]): Diagnostic {
  return dataError(
    'data/unknown-spec',
    text(`There is no data set ${JSON.stringify(spec)}.`, `没有数据集 ${JSON.stringify(spec)}。`),
    text(`Known: ${known.join(', ')}.`, `可用：${known.join('、')}。`),
  );
}

/** A kind of data that needs a folder or file, given without one. */
export function dataNeedsPath(form: string): Diagnostic {
  return dataError(
    'data/needs-path',
    text(`${form} needs the path after the colon.`, `${form} 需要在冒号后给出路径。`),
  );
}

/** The folder or file is not there. */
export function dataNotFound(path: string): Diagnostic {
  return dataError('data/not-found', text(`${path} does not exist.`, `${path} 不存在。`));
}

/** The folder or file is not laid out as its kind of data must be. */
export function dataLayout(path: string, expected: Text): Diagnostic {
  return dataError('data/layout', text(`${path} is not laid out as expected.`, `${path} 的结构不符合要求。`), expected);
}

/** A data file whose bytes are not what its format says. */
export function dataDamaged(path: string, reason: string): Diagnostic {
  return dataError(
    'data/damaged',
    text(`${path} cannot be read as data.`, `无法将 ${path} 作为数据读取。`),
    text(reason, reason),
  );
}

/** Nothing in the data set could be used. `examples` name files with their reasons. */
export function nothingUsable(path: string, count: number, examples: readonly string[]): Diagnostic {
  return dataError(
    'data/nothing-usable',
    text(`${path} has nothing that can be used.`, `${path} 中没有可用的数据。`),
    count === 0
      ? text('No files of the expected kind were found.', '没有找到所需类型的文件。')
      : text(
          `All ${count} were skipped: ${examples.join('; ')}.`,
          `全部 ${count} 个都被跳过：${examples.join('；')}。`,
        ),
  );
}

/** Some files or rows were left out. `examples` name the first of them with their reasons. */
export function dataSkipped(skipped: number, total: number, examples: readonly string[]): Diagnostic {
  const more = skipped > examples.length ? '; …' : '.';
  return {
    code: 'data/skipped',
    severity: 'warning',
    at: {},
    summary: text(`${skipped} of ${total} were skipped.`, `共 ${total} 个，跳过了 ${skipped} 个。`),
    why: text(`${examples.join('; ')}${more}`, `${examples.join('；')}${more}`),
    fixes: [],
  };
}

/** A class with fewer samples than a split can divide. */
export function tooFewSamples(path: string, count: number): Diagnostic {
  return dataError(
    'data/too-few',
    text(`${path} has ${count} usable sample(s).`, `${path} 只有 ${count} 个可用样本。`),
    text('Training and validation need at least one each.', '训练和验证至少各需要一个。'),
  );
}

/** The data would not fit into memory at this size. Bytes. */
export function dataTooLarge(neededBytes: number, limitBytes: number, count: number, shape: string): Diagnostic {
  return dataError(
    'data/too-large',
    text(
      `The data needs ${formatBytes(neededBytes)} of memory; ${formatBytes(limitBytes)} are allowed.`,
      `数据需要 ${formatBytes(neededBytes)} 内存；上限为 ${formatBytes(limitBytes)}。`,
    ),
    text(
      `${count} samples of ${shape}. A smaller input size, or fewer files, needs less.`,
      `${count} 个 ${shape} 的样本。减小输入大小或减少文件即可。`,
    ),
  );
}

/** Images were brought to the network's input size. Sizes in words, `28x28x1`. */
export function dataResized(from: string, to: string): Diagnostic {
  return {
    code: 'data/resized',
    severity: 'info',
    at: {},
    summary: text(
      `Images are resized from ${from} to ${to}, the input of the network.`,
      `图像从 ${from} 缩放到网络输入 ${to}。`,
    ),
    fixes: [],
  };
}

/** Labels were cropped around their centre to the size of the network's output, which valid convolutions made smaller. */
export function labelsCropped(from: string, to: string): Diagnostic {
  return {
    code: 'data/labels-cropped',
    severity: 'info',
    at: {},
    summary: text(
      `Labels are cropped from ${from} to ${to}, the output of the network.`,
      `标签从 ${from} 裁剪到网络输出 ${to}。`,
    ),
    why: text('Each side loses the same number of pixels.', '每一侧裁去相同的像素数。'),
    fixes: [],
  };
}

/** Channels that images cannot be converted to. */
export function channelsNotSupported(channels: number): Diagnostic {
  return dataError(
    'data/channels',
    text(`Images cannot be given ${channels} channels.`, `图像无法转换为 ${channels} 个通道。`),
    text(
      'An input for images has 1 (grey), 3 (colour) or 4 channels (colour and alpha).',
      '图像输入应为 1（灰度）、3（彩色）或 4 个通道（彩色加透明度）。',
    ),
  );
}

/** A table column whose values are neither classes nor numbers. */
export function noTarget(path: string): Diagnostic {
  return dataError(
    'data/no-target',
    text(`${path} has no column to learn.`, `${path} 没有可学习的列。`),
    text(
      'At least two columns are needed: numbers, and what is to be learned from them.',
      '至少需要两列：数字，以及要学习的目标。',
    ),
  );
}
