import { z } from 'zod';
import { text, type Text } from '../text';
import { limits } from './limits';

/**
 * What a network is taught: one class per picture, every class that a picture shows (any number of them, also none), one class per pixel,
 * numbers, or the picture that belongs to a picture.
 */
export const tasks = ['classification', 'multi-label', 'segmentation', 'regression', 'image-to-image'] as const;

/** One of {@link tasks}. */
export type Task = (typeof tasks)[number];

/** The tasks in which each picture or pixel has one class: the number of it is the label. */
export type ClassTask = Extract<Task, 'classification' | 'segmentation'>;

/** Whether a task is answered with one class for each picture or pixel. */
export function isOfClasses(task: Task): task is ClassTask {
  return task === 'classification' || task === 'segmentation';
}

/** Whether a task's answers have names: one of the classes, or any of them. */
export function hasNamedClasses(task: Task): boolean {
  return isOfClasses(task) || task === 'multi-label';
}

/** Whether a whole picture is answered with one score for each class. */
export function isOfWholePictures(task: Task): boolean {
  return task === 'classification' || task === 'multi-label';
}

/** Whether inputs that are scaled so are rows of a table: values that belong to pictures have a scaling without columns. */
export function isOfTable(scaling: { readonly mean: readonly number[] } | null): boolean {
  return scaling !== null && scaling.mean.length > 0;
}

/** How many channels pictures have: grey, colours, or these with opacity. */
export const pictureChannels: readonly number[] = [1, 3, 4];

/** The channels that pictures are brought to where others are wanted: those, if pictures can have them. */
export function channelsFor(own: number, wanted: number | null | undefined): number {
  return wanted != null && pictureChannels.includes(wanted) ? wanted : own;
}

/**
 * The size that pictures to be learned come to where their inputs are brought to `[height, width, ...]`: the same number of times larger or
 * smaller. A row of numbers as the input has no size, and leaves them as they are.
 */
export function targetAt(
  { inputShape, targetShape }: { readonly inputShape: readonly number[]; readonly targetShape: readonly number[] },
  to: readonly (number | null)[],
): readonly number[] {
  if (inputShape.length !== 3 || to.length !== 3) return targetShape;
  return targetShape.map((size, axis) =>
    axis === 2 ? size : Math.max(1, Math.round((size * (to[axis] ?? inputShape[axis] ?? 1)) / (inputShape[axis] ?? 1))),
  );
}

/** The parts of a data set. `test` is kept apart: neither trained on nor validated with. */
export const dataParts = ['train', 'validation', 'test'] as const;

/** One of {@link dataParts}. */
export type DataPart = (typeof dataParts)[number];

/** What of some data a model can be scored on. */
export const evaluatedParts = ['validation', 'test', 'all'] as const;

/** One of {@link evaluatedParts}. */
export type EvaluatedPart = (typeof evaluatedParts)[number];

/** Picture files that are read, with the ends of their names. Those that are `optional` need a decoder which not every machine has. */
export const pictureFormats = [
  { id: 'png', label: 'PNG', extensions: ['png'], optional: false },
  { id: 'jpeg', label: 'JPEG', extensions: ['jpg', 'jpeg'], optional: false },
  { id: 'bmp', label: 'BMP', extensions: ['bmp'], optional: false },
  { id: 'webp', label: 'WebP', extensions: ['webp'], optional: true },
  { id: 'tiff', label: 'TIFF', extensions: ['tif', 'tiff'], optional: true },
] as const;

/** One of {@link pictureFormats}. */
export type PictureFormat = (typeof pictureFormats)[number]['id'];

const formatLabels: readonly string[] = pictureFormats.map(({ label }) => label);

/** All of {@link pictureFormats} in words: "PNG, JPEG or TIFF". */
export const pictureFormatsText = text(
  `${formatLabels.slice(0, -1).join(', ')} or ${formatLabels.slice(-1).join()}`,
  `${formatLabels.slice(0, -1).join('、')} 或 ${formatLabels.slice(-1).join()}`,
);

/** A source as it is declared; `takes` is what follows the colon of its spec (PATH: a folder or a file), null for one that is built in. */
type SourceEntry = {
  readonly kind: string;
  readonly takes: 'DIR' | 'FILE' | 'PATH' | null;
  /**
   * 'files': pictures that are decoded one by one; 'arrays': pictures of one size, all in memory; 'table': rows of numbers; 'either': rows
   * of numbers, or of pictures that are decoded one by one.
   */
  readonly holds: 'files' | 'arrays' | 'table' | 'either';
  /** Whether annotations say what pictures show, which masks and classes can be made of. */
  readonly isAnnotated?: true;
  readonly example: string;
  readonly label: Text;
  readonly doc: Text;
};

/** Where data come from, in the order in which it is shown. A spec is the kind, or the kind, a colon and a path. */
export const dataSources = [
  {
    kind: 'mnist',
    takes: null,
    holds: 'arrays',
    example: 'mnist',
    label: text('MNIST digits', 'MNIST 手写数字'),
    doc: text(
      '10,000 handwritten digits, 28×28, grey. Built in. 8,000 for training, 2,000 for validation, the same in every run.',
      '10,000 个手写数字，28×28 灰度，内置。8,000 个用于训练，2,000 个用于验证，每次相同。',
    ),
  },
  {
    kind: 'mnist-seg',
    takes: null,
    holds: 'arrays',
    example: 'mnist-seg',
    label: text('MNIST scenes, per pixel', 'MNIST 场景分割'),
    doc: text(
      'Two to four digits on a textured ground, 64×64, grey; every pixel is labelled as ground or as its digit. Built in. 2,000 for training, 400 for validation, made of different digits.',
      '带纹理背景上的二至四个数字，64×64 灰度；每个像素标注为背景或所属数字。内置。2,000 张训练，400 张验证，使用的数字互不相同。',
    ),
  },
  {
    kind: 'mnist-sr',
    takes: null,
    holds: 'arrays',
    example: 'mnist-sr',
    label: text('MNIST, super-resolution', 'MNIST 超分辨率'),
    doc: text(
      'The digits of mnist in a quarter of their pixels, 14×14, each the mean of 2×2; to be learned is the digit of 28×28 that it was. Built in. 8,000 for training, 2,000 for validation.',
      'mnist 的数字缩小到四分之一的像素（14×14，每个像素为 2×2 的平均）；要学习的是原来 28×28 的数字。内置。8,000 个训练，2,000 个验证。',
    ),
  },
  {
    kind: 'mnist-denoise',
    takes: null,
    holds: 'arrays',
    example: 'mnist-denoise',
    label: text('MNIST, denoising', 'MNIST 去噪'),
    doc: text(
      'The digits of mnist under normal noise of deviation 0.3, always the same; to be learned is the digit without it. Built in. 8,000 for training, 2,000 for validation.',
      'mnist 的数字加上标准差为 0.3 的正态噪声（每次相同）；要学习的是没有噪声的数字。内置。8,000 个训练，2,000 个验证。',
    ),
  },
  {
    kind: 'mnist-pictures',
    takes: null,
    holds: 'arrays',
    example: 'mnist-pictures',
    label: text('MNIST, the digits themselves', 'MNIST 数字图像本身'),
    doc: text(
      'The digits of mnist without their classes; to be learned is the digit itself, as autoencoders and style transfer have it. Built in. 8,000 for training, 2,000 for validation.',
      'mnist 的数字，不含类别；要学习的是数字图像本身，用于自编码器和风格迁移。内置。8,000 个训练，2,000 个验证。',
    ),
  },
  {
    kind: 'images',
    takes: 'DIR',
    holds: 'files',
    example: 'images:pets',
    label: text('A folder of images', '图像文件夹'),
    doc: text(
      `One folder per class with ${pictureFormatsText.en} images, resized to the input of the network. Those in sub-folders belong to their class. Or pictures of any folders beside a table labels.csv, and each may have any number of classes (multi-label): a column of file names, then a column of 0 and 1 for each class, or one column of class names parted by ; | , or spaces; a column split of train, val and test parts them. One in five is for validation, or a folder train and a folder val; a folder test is kept apart.`,
      `每个类别一个文件夹，内含 ${pictureFormatsText.zh} 图像，缩放到网络的输入大小。子文件夹中的图像属于所在类别。也可在图像旁放一个表格 labels.csv，每幅图像可有任意多个类别（多标签）：一列文件名，其后每个类别一列 0 或 1，或只有一列类别名称，以 ; | , 或空格分隔；列 split 取 train、val、test 时按其划分。五分之一用于验证，也可分为 train 和 val 两个文件夹；test 文件夹单独留出。`,
    ),
  },
  {
    kind: 'masks',
    takes: 'DIR',
    holds: 'files',
    example: 'masks:cells',
    label: text('Images with masks', '图像与掩码'),
    doc: text(
      `Folders images and masks with files of the same names; images are ${pictureFormatsText.en}. A mask is a PNG whose values (grey of 8 or 16 bits, palette, colours) are the classes; 255 beside two others or more means no class, and is left out of loss and scores. One in five is for validation, or the same inside folders train, val and test.`,
      `文件夹 images 与 masks 中文件同名；图像为 ${pictureFormatsText.zh}。掩码为 PNG，其取值（8 或 16 位灰度、调色板、彩色）即类别；除 255 外还有两种以上取值时，255 表示不属于任何类别，不计入损失和得分。五分之一用于验证，也可在 train、val、test 文件夹内如此组织。`,
    ),
  },
  {
    kind: 'pairs',
    takes: 'DIR',
    holds: 'files',
    example: 'pairs:photos',
    label: text('Pairs of pictures', '成对图像'),
    doc: text(
      `Folders inputs and targets with files of the same names, ${pictureFormatsText.en}: from the one the network learns to make the other. A target may be larger or smaller than its input, all by the same factor. Its values are 0 to 1 (pixels / 255). One in five is for validation, or the same inside folders train, val and test.`,
      `文件夹 inputs 与 targets 中文件同名，为 ${pictureFormatsText.zh}：网络学习由前者得到后者。目标图像可大于或小于输入，但倍数须相同。其取值为 0 到 1（像素 / 255）。五分之一用于验证，或在 train、val、test 文件夹内如此组织。`,
    ),
  },
  {
    kind: 'pictures',
    takes: 'DIR',
    holds: 'files',
    example: 'pictures:holiday',
    label: text('Pictures themselves', '图像本身'),
    doc: text(
      `Any ${pictureFormatsText.en} pictures, also in sub-folders: to be learned is the picture itself, as autoencoders and style transfer have it. Its values are 0 to 1 (pixels / 255). One in five is for validation, or folders train, val and test.`,
      `任意 ${pictureFormatsText.zh} 图像，可在子文件夹中：要学习的是图像本身，用于自编码器和风格迁移。其取值为 0 到 1（像素 / 255）。五分之一用于验证，或分为 train、val、test 文件夹。`,
    ),
  },
  {
    kind: 'coco',
    takes: 'DIR',
    holds: 'files',
    isAnnotated: true,
    example: 'coco:coco2017',
    label: text('COCO annotations', 'COCO 标注'),
    doc: text(
      'A folder with JSON files of COCO (annotations/instances_train2017.json and so on, or _annotations.coco.json beside the pictures) and the pictures that they name. Polygons and runs become masks: a pixel is a thing’s if its middle lies within the outline, and small things lie over large ones. Crowds have no class (255). Where there are boxes alone, pictures of one class are learned; the setting annotations also takes all classes of each (multi-label). Files for train, val and test are parts, else one picture in five is for validation.',
      '文件夹内含 COCO 的 JSON 文件（annotations/instances_train2017.json 等，或图像旁的 _annotations.coco.json）及其所列图像。多边形和游程编码成为掩码：像素中心在轮廓内即属于该物体，小物体盖在大物体之上；crowd 不属于任何类别（255）。只有边框时，学习只含一个类别的图像；设置 annotations 也可取每幅图像的全部类别（多标签）。train、val、test 的文件各为一部分，否则五分之一用于验证。',
    ),
  },
  {
    kind: 'voc',
    takes: 'DIR',
    holds: 'files',
    isAnnotated: true,
    example: 'voc:VOCdevkit/VOC2012',
    label: text('Pascal VOC', 'Pascal VOC'),
    doc: text(
      'The folders of Pascal VOC: JPEGImages with SegmentationClass (masks, 255 is no class) or Annotations (XML, for pictures of one class, or by the setting annotations with all classes of each). ImageSets names the parts train, val and test; without it one picture in five is for validation.',
      'Pascal VOC 的文件夹：JPEGImages 与 SegmentationClass（掩码，255 不属于任何类别）或 Annotations（XML，用于只含一个类别的图像，或按设置 annotations 取每幅图像的全部类别）。ImageSets 给出 train、val、test 各部分；没有时五分之一用于验证。',
    ),
  },
  {
    kind: 'yolo',
    takes: 'DIR',
    holds: 'files',
    isAnnotated: true,
    example: 'yolo:coco8-seg',
    label: text('YOLO labels', 'YOLO 标注'),
    doc: text(
      'Folders images and labels with files of the same names, one line for each object: its class, then its polygon or its box, in fractions of the picture. Names are in data.yaml, classes.txt or obj.names. Polygons become masks; where there are boxes alone, pictures of one class are learned; the setting annotations also takes all classes of each (multi-label). One in five is for validation, or folders train, val and test, or those that data.yaml names.',
      '文件夹 images 与 labels 中文件同名，每个目标一行：类别，然后是多边形或边框，均为图像的比例值。名称在 data.yaml、classes.txt 或 obj.names 中。多边形成为掩码；只有边框时，学习只含一个类别的图像；设置 annotations 也可取每幅图像的全部类别（多标签）。五分之一用于验证，也可分为 train、val、test 文件夹，或由 data.yaml 指定。',
    ),
  },
  {
    kind: 'idx',
    takes: 'DIR',
    holds: 'arrays',
    example: 'idx:fashion',
    label: text('IDX files', 'IDX 文件'),
    doc: text(
      'The files of MNIST and Fashion-MNIST (train-images-idx3-ubyte and so on), gzipped or not. The t10k files are for validation.',
      'MNIST 与 Fashion-MNIST 的文件（train-images-idx3-ubyte 等），可为 gzip。t10k 文件用于验证。',
    ),
  },
  {
    kind: 'cifar10',
    takes: 'DIR',
    holds: 'arrays',
    example: 'cifar10:cifar-10-batches-bin',
    label: text('CIFAR-10, binary', 'CIFAR-10 二进制'),
    doc: text(
      'data_batch_1.bin to data_batch_5.bin, and test_batch.bin for validation: 32×32 colour images of ten classes.',
      'data_batch_1.bin 至 data_batch_5.bin，test_batch.bin 用于验证：十类 32×32 彩色图像。',
    ),
  },
  {
    kind: 'npz',
    takes: 'FILE',
    holds: 'arrays',
    example: 'npz:pathmnist.npz',
    label: text('NumPy arrays', 'NumPy 数组'),
    doc: text(
      'Pictures and labels that NumPy saved: x and y, or x_train, y_train and so on as Keras has them, or the files of MedMNIST. Pictures are [count, height, width] or with channels, of 0 to 255 or 0 to 1; labels are class numbers, ones and zeros (multi-label where a row has several ones or none), or a class for each pixel. Pictures to be learned stand in targets (targets_train and so on), or in y where it has fractions. A test part is kept apart.',
      'NumPy 保存的图像与标签：x 与 y，或 Keras 的 x_train、y_train 等，或 MedMNIST 的文件。图像为 [数量, 高, 宽] 或带通道，取值 0 到 255 或 0 到 1；标签为类别编号、0 与 1（某行有多个 1 或没有 1 时为多标签）或逐像素类别。要学习的图像放在 targets（targets_train 等）中；y 含小数时也是图像。测试部分单独留出。',
    ),
  },
  {
    kind: 'csv',
    takes: 'FILE',
    holds: 'table',
    example: 'csv:iris.csv',
    label: text('A table', '表格'),
    doc: text(
      'Numbers, with a header line or without. The column named label, class or target, else the last one, is what is learned: words or a few whole numbers are classes, other numbers are values. The setting targets names another column, or several of 0 and 1, each a class that a row has or has not (multi-label). One row in five is for validation.',
      '数字表，可带表头。名为 label、class 或 target 的列（否则为最后一列）是学习目标：文字或少量整数为类别，其他数字为数值。设置 targets 可指定其他列，或多个取值 0 和 1 的列，每列为一个类别（多标签）。五分之一的行用于验证。',
    ),
  },
  {
    kind: 'parquet',
    takes: 'PATH',
    holds: 'either',
    example: 'parquet:train-00000-of-00001.parquet',
    label: text('Parquet', 'Parquet'),
    doc: text(
      `A Parquet file, or a folder of such, as a table under the rules of csv. Truth values are 0 and 1, dates are words, lists of one length are a column for each place; other nested columns are left out by name. A column of ${pictureFormatsText.en} pictures, as Hugging Face has them, or else one with the names of picture files in the folder of the file or below it, makes pictures with one class each, of the column label, class or target, else the first one with names of classes, else the last; where that has numbers that are no classes, the number is learned. A second column of pictures is learned instead: as masks where they are PNG of few values, else as what each picture is to become (the setting annotations chooses). Files or folders whose names begin with train, validation and test are parts, else one row in five is for validation.`,
      `Parquet 文件，或由其组成的文件夹，按 csv 的规则作为表格读取。真值为 0 和 1，日期为文字，等长列表按位置展开为多列；其他嵌套列不使用并列出名称。含 ${pictureFormatsText.zh} 图像的列（如 Hugging Face 所写），或给出该文件所在文件夹内图像文件名的列，则作为图像读取，每张一个类别，取自 label、class 或 target 列，否则取第一个带类别名称的列，再否则取最后一列；若其中是不能作为类别的数字，则学习该数值。有第二个图像列时改为学习它：取值很少的 PNG 作为掩码，否则作为每张图像要变成的图像（由设置 annotations 选择）。文件名或文件夹名以 train、validation、test 开头的各为一部分，否则五分之一的行用于验证。`,
    ),
  },
] as const satisfies readonly SourceEntry[];

/** The part of a data spec before the colon. */
export type DataKind = (typeof dataSources)[number]['kind'];

/** One place where data come from. */
export type DataSource = SourceEntry & { readonly kind: DataKind };

/** What a source is called on the command line and in the documentation: `mnist`, `images:DIR`. */
export function dataSpecPattern({ kind, takes }: DataSource): string {
  return takes === null ? kind : `${kind}:${takes}`;
}

/** A spec taken apart. `path` is as written and empty where none is given, or none belongs. */
export type DataSpec = { readonly source: DataSource; readonly path: string };

/** Takes a spec apart; null where it names no source, or gives a path to one that is built in. */
export function parseDataSpec(spec: string): DataSpec | null {
  const colon = spec.indexOf(':');
  const kind = colon < 0 ? spec : spec.slice(0, colon);
  const path = colon < 0 ? '' : spec.slice(colon + 1);
  const source = dataSources.find((one) => one.kind === kind);
  if (source === undefined || (source.takes === null && path !== '')) return null;
  return { source, path };
}

/** A data spec for where there is little room: of a path its last part alone. */
export function shortDataSpec(spec: string): string {
  const parsed = parseDataSpec(spec);
  const steps = parsed?.path.split(/[/\\]/).filter((step) => step !== '') ?? [];
  const last = steps.at(-1);
  return parsed === null || last === undefined || steps.length === 1 ? spec : `${parsed.source.kind}:…/${last}`;
}

/** Whether a spec names all that is needed to open it. What lies at its path is the reader's to say. */
export function isWholeDataSpec(spec: string): boolean {
  const parsed = parseDataSpec(spec);
  return parsed !== null && (parsed.source.takes === null || parsed.path !== '');
}

/** The spec of a kind before its path is named; the kind alone where it takes none. */
export function emptyDataSpec(kind: DataKind): string {
  return dataSources.find((source) => source.kind === kind)?.takes === null ? kind : `${kind}:`;
}

/** A data spec that a request may hold; what it names is judged where it is opened. */
export const dataSpecSchema: z.ZodType<string> = z.string().min(1).max(limits.pathLength);
