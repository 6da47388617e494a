import { formatBytes, text } from '../../text';
import type { Text } from '../../text';
import { notThere, type LinkToNothing } from './file';
import type { Diagnostic } from '../diagnostic';

/** An error in data as a whole. */
export function dataError(code: string, summary: Text, why?: Text): Diagnostic {
  return { code, severity: 'error', at: {}, summary, ...(why === undefined ? {} : { why }), fixes: [] };
}

/** A warning of data as a whole. */
export function dataWarning(code: string, summary: Text, why: Text): Diagnostic {
  return { code, severity: 'warning', at: {}, summary, why, fixes: [] };
}

/** At most so many names are listed; the rest is counted. */
const maxListed = 8;

/** Names in words. */
export function listed(names: readonly string[]): Text {
  const shown = names.slice(0, maxListed);
  const rest = names.length - shown.length;
  return text(
    `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    `${shown.join('、')}${rest > 0 ? ` 等共 ${names.length} 个` : ''}`,
  );
}

function joined(examples: readonly Text[]): Text {
  return text(examples.map(({ en }) => en).join('; '), examples.map(({ zh }) => zh).join('；'));
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
export function dataNotFound(path: string, link: LinkToNothing | null = null): Diagnostic {
  return dataError('data/not-found', notThere(path, link));
}

/** The folder or file is not laid out as its kind of data must be. */
export function dataLayout(path: string, expected: Text): Diagnostic {
  return dataError('data/layout', text(`${path} is not laid out as expected.`, `${path} 的结构不符合要求。`), expected);
}

/** A data file whose bytes are not what its format says. */
export function dataDamaged(path: string, reason: string | Text): Diagnostic {
  return dataError(
    'data/damaged',
    text(`${path} cannot be read as data.`, `无法将 ${path} 作为数据读取。`),
    typeof reason === 'string' ? text(reason, reason) : reason,
  );
}

/** A data file that is larger than its kind can be. Sizes in bytes. */
export function dataFileTooLarge(path: string, sizeBytes: number, limitBytes: number): Diagnostic {
  return dataError(
    'data/file-too-large',
    text(
      `${path} has ${formatBytes(sizeBytes)}, too much to be read.`,
      `${path} 有 ${formatBytes(sizeBytes)}，过大，无法读取。`,
    ),
    text(
      `At most ${formatBytes(limitBytes)} are read. Keep a part of it.`,
      `最多读取 ${formatBytes(limitBytes)}。请只保留一部分。`,
    ),
  );
}

/** A compressed file that would fill the memory when it is unpacked. Sizes in bytes. */
export function dataInflates(path: string, packedBytes: number, unpackedBytes: number): Diagnostic {
  return dataError(
    'data/inflates',
    text(
      `${path} would grow from ${formatBytes(packedBytes)} to ${formatBytes(unpackedBytes)} when unpacked.`,
      `${path} 解压后会从 ${formatBytes(packedBytes)} 增长到 ${formatBytes(unpackedBytes)}。`,
    ),
    text(
      'No real data shrink so far; the file is damaged or made to fill the memory. If it is meant, unpack it first.',
      '真实数据不会压缩到这种程度：文件已损坏，或专为占满内存而制作。若确实如此，请先自行解压。',
    ),
  );
}

/** Nothing in the data set could be used. `examples` name files with their reasons. */
export function nothingUsable(path: string, count: number, examples: readonly Text[]): Diagnostic {
  return dataError(
    'data/nothing-usable',
    text(`${path} has nothing that can be used.`, `${path} 中没有可用的数据。`),
    count === 0
      ? text('No files of the expected kind were found.', '没有找到所需类型的文件。')
      : text(
          `All ${count} were skipped: ${joined(examples).en}.`,
          `全部 ${count} 个都被跳过：${joined(examples).zh}。`,
        ),
  );
}

/** Some files or rows were left out. `examples` name the first of them with their reasons. */
export function dataSkipped(skipped: number, total: number, examples: readonly Text[]): Diagnostic {
  const hasMore = skipped > examples.length;
  return dataWarning(
    'data/skipped',
    text(`${skipped} of ${total} were skipped.`, `共 ${total} 个，跳过了 ${skipped} 个。`),
    text(`${joined(examples).en}${hasMore ? '; …' : '.'}`, `${joined(examples).zh}${hasMore ? '；…' : '。'}`),
  );
}

/** Classes that have a folder but no picture that can be used. */
export function classesEmpty(names: readonly string[]): Diagnostic {
  const list = listed(names);
  return dataWarning(
    'data/class-empty',
    text(`No usable samples of: ${list.en}.`, `以下类别没有可用的样本：${list.zh}。`),
    text(
      'The network keeps an answer for them and never learns it. Add samples, or remove these classes.',
      '网络仍为其保留一个输出，却无从学习。请添加样本或删除这些类别。',
    ),
  );
}

/** Classes that the folder for validation has and the one for training lacks; their `count` files are left out. */
export function classesOnlyInValidation(names: readonly string[], count: number): Diagnostic {
  const list = listed(names);
  return dataWarning(
    'data/class-only-in-validation',
    text(
      `Only the validation folder has: ${list.en}. Their ${count} files are left out.`,
      `以下类别只在验证文件夹中：${list.zh}。其 ${count} 个文件未使用。`,
    ),
    text(
      'What was never trained cannot be answered, so the scores say nothing about these classes. Folders of one class must have the same name in both parts.',
      '没有训练过的类别无法被识别，因此得分不包含这些类别。两部分中同一类别的文件夹名称必须相同。',
    ),
  );
}

/** Classes with pictures for training and none for validation. */
export function classesNotValidated(names: readonly string[]): Diagnostic {
  const list = listed(names);
  return dataWarning(
    'data/class-not-validated',
    text(`No samples for validation of: ${list.en}.`, `以下类别没有用于验证的样本：${list.zh}。`),
    text('The scores say nothing about these classes.', '得分不包含这些类别。'),
  );
}

/** A table of mask values that is not written as one. */
export function badMaskTable(given: string): Diagnostic {
  return {
    code: 'data/mask-table',
    severity: 'error',
    at: { path: 'train.maskValues' },
    summary: text(`${JSON.stringify(given)} is no table of mask values.`, `${JSON.stringify(given)} 不是掩码取值表。`),
    why: text(
      'It is written VALUE=CLASS, each value once: 0=0, 29=1, 255=ignore, or with names and colours: #000000=ground, #ff0000=car. Class numbers go up to 254, and one value at least has a class.',
      '写作 取值=类别，每个取值一次：0=0, 29=1, 255=ignore；也可用名称和颜色：#000000=背景, #ff0000=汽车。类别编号最大为 254，且至少有一个取值对应类别。',
    ),
    fixes: [
      {
        title: text('Let the values be found', '自动判断取值'),
        edits: [{ type: 'setTraining', train: {}, unset: ['maskValues'] }],
      },
    ],
  };
}

/** Values in masks that the table leaves out. `table` is the table with them, as no class. */
export function maskValuesUnknown(values: readonly string[], share: number, table: string): Diagnostic {
  const list = listed(values);
  const percent = (100 * share).toFixed(share < 0.1 ? 2 : 0);
  return {
    code: 'data/mask-value-unknown',
    severity: 'error',
    at: { path: 'train.maskValues' },
    summary: text(
      `The table of mask values has no class for ${list.en}, which ${percent} % of the pixels have.`,
      `掩码取值表没有给出 ${list.zh} 的类别，${percent} % 的像素取这些值。`,
    ),
    why: text(
      'Give each of them a class, or write VALUE=ignore where its pixels belong to none.',
      '请为每个取值给出类别；若其像素不属于任何类别，写 取值=ignore。',
    ),
    fixes: [
      {
        title: text('Leave them out of loss and scores', '不计入损失和得分'),
        edits: [{ type: 'setTraining', train: { maskValues: table } }],
      },
    ],
  };
}

/**
 * Masks whose values are not class numbers one after the other: the values found, in the order of their classes. `table` fixes what was
 * found, so that other masks are read alike.
 */
export function maskValuesNumbered(values: readonly string[], table: string): Diagnostic {
  const list = listed(values);
  return {
    code: 'data/mask-values',
    severity: 'info',
    at: {},
    summary: text(
      `The masks hold the values ${list.en}; they are the classes 0 to ${values.length - 1}, in this order.`,
      `掩码中有取值 ${list.zh}；依次作为类别 0 到 ${values.length - 1}。`,
    ),
    why: text(
      'Values of 0, 1, 2 and so on are class numbers as they are. A file classes.txt with a line for each class number makes any values so.',
      '取值为 0、1、2 等时直接作为类别编号。若 classes.txt 为每个编号各有一行，则任何取值都直接作为编号。',
    ),
    fixes: [
      {
        title: text('Keep these classes as a table of mask values', '将这些类别存为掩码取值表'),
        edits: [{ type: 'setTraining', train: { maskValues: table } }],
      },
    ],
  };
}

/** Pixels of masks that belong to no class. `share` is their part of all pixels. */
export function maskPixelsIgnored(value: number, share: number): Diagnostic {
  const percent = (100 * share).toFixed(share < 0.1 ? 1 : 0);
  return {
    code: 'data/mask-ignored',
    severity: 'info',
    at: {},
    summary: text(
      `The value ${value} in masks means "no class", as in Pascal VOC: ${percent} % of the pixels count neither in the loss nor in the scores.`,
      `掩码中的 ${value} 表示“不属于任何类别”（同 Pascal VOC）：${percent} % 的像素不计入损失和得分。`,
    ),
    why: text('If it is a class of its own, give it another number.', '若它本身是一个类别，请改用其他编号。'),
    fixes: [],
  };
}

/** Columns of a table that hold words, which a network cannot take. */
export function columnsLeftOut(names: readonly string[]): Diagnostic {
  const list = listed(names);
  return dataWarning(
    'data/column-left-out',
    text(`Left out, because they hold no numbers: ${list.en}.`, `以下列不是数字，未使用：${list.zh}。`),
    text(
      'A network takes numbers. Write words as numbers, one column of 0 and 1 for each word.',
      '网络只接受数字。请把文字改写为数字：每个词一列，取值 0 或 1。',
    ),
  );
}

/** A table with no column of numbers to learn from. */
export function noNumberColumns(path: string, names: readonly string[]): Diagnostic {
  const list = listed(names);
  return dataError(
    'data/no-numbers',
    text(`${path} has no column of numbers to learn from.`, `${path} 没有可供学习的数字列。`),
    text(
      `These hold words: ${list.en}. Write words as numbers, one column of 0 and 1 for each word.`,
      `以下列为文字：${list.zh}。请把文字改写为数字：每个词一列，取值 0 或 1。`,
    ),
  );
}

/** A quote in a table that opens a field and never closes it, or closes it before its end. `line` is one-based. */
export function quoteNotClosed(path: string, line: number): Diagnostic {
  return dataError(
    'data/quote-open',
    text(
      `${path}: the double quotes of the field that begins in line ${line} do not pair up.`,
      `${path}：第 ${line} 行开始的字段的双引号不成对。`,
    ),
    text(
      'A field in double quotes ends with one, and a quote inside it is written twice.',
      '双引号中的字段必须以双引号结束，其中的引号要写两次。',
    ),
  );
}

/** A table whose bytes are no text that is known. */
export function tableNotText(path: string): Diagnostic {
  return dataError(
    'data/not-text',
    text(`${path} is not a text file in UTF-8 or UTF-16.`, `${path} 不是 UTF-8 或 UTF-16 文本文件。`),
    text(
      'A spreadsheet has to be exported first: "CSV UTF-8" in the dialog for saving.',
      '电子表格需先导出：在保存对话框中选择“CSV UTF-8”。',
    ),
  );
}

/** Data of which one part, to train or to validate, is left empty. `count`: of all parts. */
export function tooFewSamples(path: string, count: number): Diagnostic {
  const samples = count === 1 ? '1 sample that can be used' : `${count} samples that can be used`;
  return dataError(
    'data/too-few',
    text(`${path} has ${samples}, too few to be split.`, `${path} 只有 ${count} 个可用样本，不足以划分。`),
    text(
      'Training and validation need at least one each, and what is of one class, or stays together, is split only where there are two of it.',
      '训练和验证至少各需要一个；同一类别或须保持在一起的样本，至少有两份才会划分。',
    ),
  );
}

/** All samples, or all pixels of masks, are of one class; `name` is that class. */
export function oneClassOnly(name: string, arePixels: boolean): Diagnostic {
  return dataWarning(
    'data/one-class',
    arePixels
      ? text(`All pixels of the masks are of one class: ${name}.`, `掩码的所有像素都属于同一类别：${name}。`)
      : text(`All samples are of one class: ${name}.`, `所有样本都属于同一类别：${name}。`),
    text(
      'With nothing to tell apart, every answer is right, and a network learns nothing. Data for at least two classes are needed.',
      '没有可区分的类别时，任何回答都正确，网络学不到东西。至少需要两个类别的数据。',
    ),
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

/** The decoded pictures would not fit on the disk. Bytes; `dir` is where they are kept. */
export function picturesNeedDisk(dir: string, neededBytes: number, allowedBytes: number, count: number): Diagnostic {
  return dataError(
    'data/no-room',
    text(
      `The ${count} pictures need ${formatBytes(neededBytes)} of disk when decoded; ${formatBytes(allowedBytes)} are free for them in ${dir}.`,
      `${count} 张图像解码后需要 ${formatBytes(neededBytes)} 磁盘空间；${dir} 中可用 ${formatBytes(allowedBytes)}。`,
    ),
    text(
      'At most half of what is free is taken. A smaller input size, or fewer files, needs less; XDG_CACHE_HOME names another place.',
      '最多占用剩余空间的一半。减小输入大小或减少文件即可；也可用 XDG_CACHE_HOME 指定其他位置。',
    ),
  );
}

const proportionWords = {
  stretch: text('They are squeezed to other proportions.', '长宽比例会改变。'),
  crop: text('Only the middle of them is kept, as the proportions differ.', '因比例不同，只保留中间部分。'),
  letterbox: text('They lie between black bars, as the proportions differ.', '因比例不同，两侧加黑边。'),
} as const;

/**
 * Images were brought to the network's input size. Sizes in words, `28x28x1`. `lost` says what does not survive it: the proportions,
 * or the colours.
 */
export function dataResized(
  from: string,
  to: string,
  lost: {
    readonly proportions: boolean;
    readonly colours: boolean;
    readonly fit: 'stretch' | 'crop' | 'letterbox';
  } = { proportions: false, colours: false, fit: 'stretch' },
): Diagnostic {
  const losses = [
    ...(lost.proportions ? [proportionWords[lost.fit]] : []),
    ...(lost.colours ? [text('Their colours become grey.', '颜色会变为灰度。')] : []),
  ];
  return {
    code: 'data/resized',
    severity: losses.length > 0 ? 'warning' : 'info',
    at: {},
    summary: text(
      `Images are resized from ${from} to ${to}, the input of the network.`,
      `图像从 ${from} 缩放到网络输入 ${to}。`,
    ),
    ...(losses.length === 0
      ? {}
      : {
          why: text(
            `${losses.map(({ en }) => en).join(' ')} An Input of ${from} would keep them as they are.`,
            `${losses.map(({ zh }) => zh).join('')}把输入改为 ${from} 可保持原样。`,
          ),
        }),
    fixes: [],
  };
}

/** Pictures whose files hold more than is learned of them; how many of each kind. */
export function picturesConverted(counts: {
  readonly seeThrough: number;
  readonly depth: number;
  readonly cmyk: number;
}): Diagnostic {
  const { seeThrough, depth, cmyk } = counts;
  const words = [
    ...(seeThrough > 0
      ? [
          text(
            `${seeThrough} with transparency: it is left out, and the colour that is stored there is seen.`,
            `${seeThrough} 张含透明部分：忽略透明度，取该处存储的颜色。`,
          ),
        ]
      : []),
    ...(depth > 0
      ? [text(`${depth} of more than 8 bits: they are read as 8.`, `${depth} 张超过 8 位：按 8 位读取。`)]
      : []),
    ...(cmyk > 0
      ? [text(`${cmyk} of CMYK: it becomes red, green and blue.`, `${cmyk} 张为 CMYK：转换为红、绿、蓝。`)]
      : []),
  ];
  return {
    code: 'data/converted',
    severity: 'info',
    at: {},
    summary: text('Some pictures hold more than is learned of them.', '部分图像所含的内容多于用于学习的内容。'),
    why: text(words.map(({ en }) => en).join(' '), words.map(({ zh }) => zh).join('')),
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
