import { text } from '../text';

/**
 * The fields of the training configuration that say how the data are read and parted, in the order in which a document holds them. With
 * their defaults a fifth validates and pictures are stretched to the input.
 */
export const dataFields = {
  testFraction: {
    type: 'number',
    min: 0,
    max: 0.8,
    default: 0,
    step: 0.05,
    option: 'test-fraction',
    isAdvanced: true,
    label: text('Test part', '测试部分'),
    doc: text(
      'share of the data that is kept apart for one honest score in the end: neither trained on nor validated with; 0: none, unless the data bring a test part of their own',
      '留出的数据比例，用于最后一次公正评分：既不训练也不验证；0：不留出，除非数据自带测试部分',
    ),
  },
  /** For learning curves: what validates stays the same. */
  share: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'min',
    default: 1,
    step: 0.1,
    option: 'share',
    isAdvanced: true,
    label: text('Share of the data', '数据份额'),
    doc: text(
      'share of the training part that is trained on, of each class alike and at least one sample; always the same samples, and a larger share holds those of a smaller one, to see how many data are needed. Validation and test stay whole; 1: all',
      '训练部分中用于训练的份额，每类相同且至少一个样本；样本总是相同，较大份额包含较小份额的样本，可用于了解需要多少数据。验证和测试部分保持完整；1：全部',
    ),
  },
  splitBy: {
    type: 'choice',
    default: 'picture',
    choices: [
      { value: 'picture', label: text('Picture', '逐张') },
      { value: 'folder', label: text('Sub-folder', '子文件夹') },
      { value: 'prefix', label: text('Start of the name', '文件名前缀') },
    ],
    option: 'split-by',
    isAdvanced: true,
    label: text('Split by', '划分单位'),
    doc: text(
      'what stays together in one part of the data: each picture for itself, the pictures of a sub-folder, or those whose names are equal up to the last _ or - (one patient, one film)',
      '划分数据时哪些图像不分开：逐张划分；同一子文件夹的图像；或文件名在最后一个 _ 或 - 之前相同的图像（同一病人、同一段视频）',
    ),
  },
  maskValues: {
    type: 'text',
    placeholder: 'VALUE=CLASS,...',
    maxLength: 10_000,
    option: 'mask-values',
    isAdvanced: true,
    label: text('Mask values', '掩码取值'),
    doc: text(
      'the class of each value in the masks, as 0=0, 29=1, 50=2, 255=ignore, or with names: 0=ground, #ff0000=car; without it they are found',
      '掩码中每个取值的类别，如 0=0, 29=1, 50=2, 255=ignore，或用名称：0=背景, #ff0000=汽车；不填则自动判断',
    ),
  },
  targets: {
    type: 'text',
    placeholder: 'COLUMN,...',
    maxLength: 10_000,
    option: 'targets',
    isAdvanced: true,
    label: text('Columns to learn', '学习目标列'),
    doc: text(
      'the column of a table to learn, by its name in the header; or several columns of 0 and 1, parted by commas, each of them a class that a row has or has not (multi-label). Without it: the column label, class or target, else the last one',
      '表格中要学习的列，用表头中的名称；或多个取值 0 和 1 的列，以逗号分隔，每列为一个类别，每行可有任意多个（多标签）。不填：名为 label、class 或 target 的列，否则为最后一列',
    ),
  },
  annotations: {
    type: 'choice',
    default: 'auto',
    choices: [
      { value: 'auto', label: text('Automatic', '自动') },
      { value: 'masks', label: text('Masks', '掩码') },
      { value: 'classes', label: text('Classes', '类别') },
      { value: 'labels', label: text('All classes', '全部类别') },
    ],
    option: 'annotations',
    isAdvanced: true,
    label: text('Annotations as', '标注用作'),
    doc: text(
      'what COCO, Pascal VOC and YOLO annotations are learned as: `masks` of the outlines, `classes` of the pictures that show one class alone, `labels` all classes of each picture (multi-label); `auto`: masks where there are outlines. Of Parquet files with a second column of pictures: that one, or the classes',
      'COCO、Pascal VOC 和 YOLO 标注的用法：`masks` 由轮廓得到掩码，`classes` 用只含一个类别的图像的类别，`labels` 用每幅图像的全部类别（多标签）；`auto`：有轮廓时用掩码。Parquet 文件有第二个图像列时：用该列，或用类别',
    ),
  },
  fit: {
    type: 'choice',
    default: 'stretch',
    choices: [
      { value: 'stretch', label: text('Stretch', '拉伸') },
      { value: 'crop', label: text('Crop the middle', '居中裁剪') },
      { value: 'letterbox', label: text('Add bars', '加边') },
    ],
    option: 'fit',
    isAdvanced: true,
    label: text('Fit to the input', '适配输入'),
    doc: text(
      'how pictures of other proportions come to the input: `stretch` squeezes them, `crop` keeps the middle, `letterbox` keeps everything between black bars (which are no class in masks)',
      '比例不同的图像如何适配输入：`stretch` 拉伸变形，`crop` 只保留中间，`letterbox` 保留全部并加黑边（在掩码中不属于任何类别）',
    ),
  },
} as const;
