import { text } from '../text';
import { activationLabels, plainActivationNames } from './activations';
import { initializerLabels, initializerNames } from './initializers';

/** Most filters that one conv may have. The widest published networks have a few thousand. */
export const maxFilters = 65_536;

/** Most units of one fully connected layer. */
export const maxUnits = 262_144;

/** Longest side of an image or a feature map. */
export const maxLength = 65_536;

/** Longest side of a window, and largest stride, dilation or padding. */
export const maxWindow = 4_096;

/** Params that several kinds share, so that they are called and explained alike. */
export const filters = {
  type: 'integer',
  min: 1,
  max: maxFilters,
  label: text('Filters', '卷积核个数'),
  doc: text(
    'How many windows slide side by side. Each learns one feature and gives one output channel.',
    '并排滑动的窗口个数。每个窗口学习一种特征，产生一个输出通道。',
  ),
} as const;

export const kernelSize = {
  type: 'size',
  min: 1,
  max: maxWindow,
  label: text('Kernel size', '卷积核大小'),
  doc: text('Height and width of the window, a in b = x − a + 1.', '窗口的高和宽，即 b = x − a + 1 中的 a。'),
} as const;

export const strides = {
  type: 'size',
  min: 1,
  max: maxWindow,
  default: 1,
  label: text('Strides', '步长'),
  doc: text('How many pixels the window moves at a time.', '窗口每次移动几个像素。'),
} as const;

export const padding = {
  type: 'padding',
  default: 'valid',
  label: text('Padding', '填充'),
  doc: text(
    'Zeros around the input: valid adds none, same keeps the size (divided by the stride), or say how many.',
    '在输入四周补零：valid 不补，same 使输出保持原大小（除以步长），也可以直接给出数目。',
  ),
} as const;

export const dilationRate = {
  type: 'size',
  min: 1,
  max: maxWindow,
  default: 1,
  label: text('Dilation', '空洞率'),
  doc: text(
    'Distance between the pixels that the window takes; 2 leaves out every other one and sees further with the same weights.',
    '窗口所取像素之间的间隔；取 2 时隔一个取一个，权值不变而看得更远。',
  ),
} as const;

export const groups = {
  type: 'integer',
  min: 1,
  max: maxFilters,
  default: 1,
  label: text('Groups', '分组'),
  doc: text(
    'Splits input channels and filters into groups that do not see each other; as many groups as channels is a depthwise convolution.',
    '把输入通道和卷积核分成互不相干的组；组数等于通道数时就是逐通道（depthwise）卷积。',
  ),
} as const;

export const useBias = {
  type: 'boolean',
  default: true,
  label: text('Bias', '偏置'),
  doc: text('Adds one learned number per output channel.', '每个输出通道再加上一个可学习的数。'),
} as const;

export const activation = {
  type: 'choice',
  values: plainActivationNames,
  labels: activationLabels,
  default: 'linear',
  label: text('Activation', '激活'),
  doc: text(
    'The non-linear function applied to the result; linear leaves it for a separate Activation node.',
    '作用在结果上的非线性函数；选线性则留给单独的激活节点。',
  ),
} as const;

export const initializer = {
  type: 'choice',
  values: initializerNames,
  labels: initializerLabels,
  default: 'auto',
  label: text('Initial weights', '初始权值'),
  doc: text(
    'How the weights start. Too small or too large, and signals fade or grow from layer to layer; auto takes He before ReLU and its kin, which halve what passes, and Glorot elsewhere.',
    '权值从何开始。过小或过大都会使信号逐层减弱或放大；自动：在 ReLU 一类会挡掉一半信号的函数之前用 He，其余用 Glorot。',
  ),
} as const;

export const weightStandardization = {
  type: 'boolean',
  default: false,
  label: text('Weight standardization', '权值标准化'),
  doc: text(
    'Brings the weights of each filter to mean 0 and variance 1 before they are used, in training and after it, as networks without batch norms do (BiT, NFNets).',
    '使用前把每个卷积核的权值变为均值 0、方差 1，训练中和训练后都如此；不用批归一化的网络（BiT、NFNet）这样做。',
  ),
} as const;

export const trainable = {
  type: 'boolean',
  default: true,
  label: text('Trainable', '可训练'),
  doc: text(
    'Whether training changes the weights; off keeps them as they are.',
    '训练是否改变其权值；关闭则保持不变。',
  ),
} as const;
