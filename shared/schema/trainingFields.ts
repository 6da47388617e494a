import { augmentationFields, mixingFields } from './augmentation';
import { dataFields } from './dataFields';
import { engineTable } from './engines';
import { limits } from './limits';
import { perceptualFields } from './perceptualFields';
import type { NumberRange } from './range';
import { text, type Text } from '../text';

type FieldBase = {
  readonly label: Text;
  /** What it is, as the help of the command line and the documentation say it. */
  readonly doc: Text;
  /** The option of `convloom train`, without its dashes. */
  readonly option: string;
  readonly unit?: Text;
  /**
   * Where the field matters only sometimes: with a value of another one, in a network with several outputs, or where pictures are
   * changed one by one.
   */
  readonly shownWhen?: { readonly field: string; readonly is: readonly string[] } | 'severalOutputs' | 'augmented';
  /** What most runs leave as it is: the form keeps it folded away. Its default changes nothing and costs nothing. */
  readonly isAdvanced?: true;
};

type FieldChoice = { readonly value: string; readonly label: Text };

/** One field of the training configuration: its type, what it takes, its default, and how it is shown. */
export type TrainingField =
  | (FieldBase & NumberRange & { readonly default: number; readonly step: number })
  | (FieldBase & { readonly type: 'choice'; readonly default: string; readonly choices: readonly FieldChoice[] })
  | (FieldBase & {
      readonly type: 'text';
      /** Absent: the field may be left out altogether. */
      readonly default?: string;
      readonly placeholder: string;
      readonly maxLength?: number;
    });

/**
 * The training configuration, field by field, in the order in which a document holds them. Declared here and nowhere else: types,
 * schemas, defaults, the form, the options of the command line and their help, and the documentation follow from it.
 */
export const trainingFields = {
  /** A data spec as on the command line. */
  data: {
    type: 'text',
    default: 'mnist',
    placeholder: 'SPEC',
    maxLength: limits.pathLength,
    option: 'data',
    label: text('Data', '数据'),
    doc: text('the data, as `convloom data` lists them', '数据，见 `convloom data` 的列表'),
  },
  ...dataFields,
  epochs: {
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 3,
    step: 1,
    option: 'epochs',
    label: text('Epochs', '轮数'),
    doc: text('how often all training data are seen', '全部训练数据被看到的次数'),
  },
  /** With the default of 32 LeNet passes 95 % on the built-in digits in one epoch and 97.5 % in three, on every engine. */
  batchSize: {
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 32,
    step: 1,
    option: 'batch-size',
    unit: text('samples', '个样本'),
    label: text('Batch size', '批大小'),
    doc: text('samples per step', '每步的样本数'),
  },
  /** How the weights follow the gradient. */
  optimizer: {
    type: 'choice',
    default: 'adam',
    choices: [
      { value: 'adam', label: text('Adam', 'Adam') },
      { value: 'adamW', label: text('AdamW', 'AdamW') },
      { value: 'momentum', label: text('Momentum', '动量') },
      { value: 'nesterov', label: text('Nesterov', 'Nesterov') },
      { value: 'rmsProp', label: text('RMSProp', 'RMSProp') },
      { value: 'adagrad', label: text('Adagrad', 'Adagrad') },
      { value: 'sgd', label: text('SGD', 'SGD') },
    ],
    option: 'optimizer',
    label: text('Optimizer', '优化器'),
    doc: text('how the weights follow the gradient', '权值如何跟随梯度'),
  },
  learningRate: {
    type: 'number',
    min: 0,
    max: 1_000_000,
    open: 'min',
    default: 0.002,
    step: 0.0001,
    option: 'learning-rate',
    label: text('Learning rate', '学习率'),
    doc: text('length of a step', '步长'),
  },
  /**
   * As it is, down to zero along half a cosine (Loshchilov and Hutter, arXiv 1608.03983), or up first and then down (Smith and Topin,
   * arXiv 1708.07120).
   */
  schedule: {
    type: 'choice',
    default: 'cosine',
    choices: [
      { value: 'cosine', label: text('Cosine', '余弦') },
      { value: 'oneCycle', label: text('One cycle', '单周期') },
      { value: 'constant', label: text('Fixed', '不变') },
      { value: 'step', label: text('Steps', '阶梯') },
      { value: 'plateau', label: text('Plateau', '停滞时降') },
    ],
    option: 'schedule',
    label: text('Schedule', '学习率变化'),
    doc: text(
      'of the learning rate: as it is; down to zero along half a cosine; one cycle: up first, then down; in steps; or lower where the validation loss stands still',
      '学习率的变化：保持不变；沿半个余弦降到零；单周期：先升后降；阶梯式下降；或在验证损失停滞时下降',
    ),
  },
  /** PyTorch's StepLR step_size and ReduceLROnPlateau patience. */
  decayEpochs: {
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 2,
    step: 1,
    option: 'decay-epochs',
    shownWhen: { field: 'schedule', is: ['step', 'plateau'] },
    unit: text('epochs', '轮'),
    label: text('Decay every', '下降间隔'),
    doc: text(
      'epochs from one step of the learning rate to the next; at a plateau, how many without a better validation loss are put up with',
      '学习率两次下降之间的轮数；对停滞时降，则为可容忍验证损失无改善的轮数',
    ),
  },
  decayFactor: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'min',
    default: 0.1,
    step: 0.05,
    option: 'decay-factor',
    shownWhen: { field: 'schedule', is: ['step', 'plateau'] },
    label: text('Decay to', '下降倍数'),
    doc: text('what the learning rate is multiplied by each time', '学习率每次乘以的倍数'),
  },
  /** PyTorch's LinearLR(start_factor=0.01), chained with the schedule. */
  warmUpEpochs: {
    type: 'number',
    min: 0,
    max: 1_000_000,
    default: 0,
    step: 0.5,
    option: 'warm-up-epochs',
    isAdvanced: true,
    unit: text('epochs', '轮'),
    label: text('Warm-up', '预热'),
    doc: text(
      'epochs over which the learning rate rises from a hundredth to what the schedule says; 0: none',
      '学习率从百分之一升到预定值所用的轮数；0：不预热',
    ),
  },
  /** Of the optimizers 'momentum' and 'nesterov'; unused by the others. */
  momentum: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'max',
    default: 0.9,
    step: 0.01,
    option: 'momentum',
    shownWhen: { field: 'optimizer', is: ['momentum', 'nesterov'] },
    label: text('Momentum', '动量'),
    doc: text('of the momentum and Nesterov optimizers', '动量和 Nesterov 优化器的动量'),
  },
  /** As PyTorch's weight_decay: decoupled under AdamW, lambda w in the gradient under the others. */
  weightDecay: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'max',
    default: 0,
    step: 0.0001,
    option: 'weight-decay',
    isAdvanced: true,
    label: text('Weight decay', '权值衰减'),
    doc: text(
      'how strongly weights are drawn to zero: L2 in the gradient, and beside it under adamW (0.01 is usual there); 0: not at all',
      '权值被拉向零的强度：作为梯度中的 L2 项，在 adamW 下则独立于梯度（常用 0.01）；0：不衰减',
    ),
  },
  l1: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'max',
    default: 0,
    step: 0.0001,
    option: 'l1',
    isAdvanced: true,
    label: text('L1', 'L1'),
    doc: text(
      "share of the weights' absolute values that is made small along with the loss; 0: none. The shown loss is without it",
      '权值绝对值之和随损失一起减小的系数；0：不用。显示的损失不含此项',
    ),
  },
  clipNorm: {
    type: 'number',
    min: 0,
    max: 1_000_000,
    default: 0,
    step: 0.1,
    option: 'clip-norm',
    isAdvanced: true,
    label: text('Clip by norm', '按范数裁剪'),
    doc: text(
      'the largest norm of all gradients together; longer ones are scaled down; 0: no limit',
      '全部梯度的总范数上限，超过则按比例缩小；0：不限制',
    ),
  },
  clipValue: {
    type: 'number',
    min: 0,
    max: 1_000_000,
    default: 0,
    step: 0.1,
    option: 'clip-value',
    isAdvanced: true,
    label: text('Clip by value', '按数值裁剪'),
    doc: text(
      'the largest absolute value of each number in a gradient, before the norm is limited; 0: no limit',
      '梯度中每个数的绝对值上限，先于按范数裁剪；0：不限制',
    ),
  },
  /** 'auto': cross-entropy for class labels (per image or per pixel), binary cross-entropy for multi-label and for masks of two classes by one channel, mean squared error for numbers. */
  loss: {
    type: 'choice',
    default: 'auto',
    choices: [
      { value: 'auto', label: text('By data', '自动') },
      { value: 'crossEntropy', label: text('Cross-entropy', '交叉熵') },
      { value: 'focal', label: text('Focal', 'Focal') },
      { value: 'dice', label: text('Dice', 'Dice') },
      { value: 'binaryCrossEntropy', label: text('Binary cross-entropy', '二元交叉熵') },
      { value: 'meanSquaredError', label: text('Squared error', '均方误差') },
      { value: 'meanAbsoluteError', label: text('Absolute error', '平均绝对误差') },
      { value: 'perceptual', label: text('Perceptual', '感知损失') },
    ],
    option: 'loss',
    label: text('Loss', '损失函数'),
    doc: text(
      'auto: cross-entropy for classes, binary cross-entropy for multi-label and for masks of two classes by one channel, mean squared error for numbers; perceptual: pictures by what a trained network sees in them',
      'auto：类别用交叉熵，多标签和单通道的两类掩码用二元交叉熵，数值用均方误差；perceptual：按一个训练好的网络所见来比较图像',
    ),
  },
  ...perceptualFields,
  focalGamma: {
    type: 'number',
    min: 0,
    max: 10,
    default: 2,
    step: 0.5,
    option: 'focal-gamma',
    shownWhen: { field: 'loss', is: ['focal'] },
    label: text('Gamma', 'Gamma'),
    doc: text(
      'of the focal loss: how much less it makes of what is known already',
      'Focal 损失的指数：已学会的样本所占比重降低的程度',
    ),
  },
  labelSmoothing: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'max',
    default: 0,
    step: 0.05,
    option: 'label-smoothing',
    isAdvanced: true,
    label: text('Label smoothing', '标签平滑'),
    doc: text(
      'share of each label that the cross-entropy spreads over all classes, and for multi-label of each yes or no over both; 0: none',
      '交叉熵将每个标签分摊到所有类别的份额，多标签时为每个“是”或“否”分摊到两者的份额；0：不平滑',
    ),
  },
  /** 'balanced' as scikit-learn has it: samples / (classes x samples of the class). */
  classWeights: {
    type: 'choice',
    default: 'equal',
    choices: [
      { value: 'equal', label: text('Equal', '相同') },
      { value: 'balanced', label: text('Balanced', '平衡') },
      { value: 'own', label: text('Own', '自定') },
    ],
    option: 'class-weights',
    isAdvanced: true,
    label: text('Class weights', '类别权值'),
    doc: text(
      'what a sample or pixel counts in training: all the same, rare classes as much as common ones, or as given; for multi-label, what the yes of a class counts against its no (balanced: as much in all); validation counts all the same',
      '训练中每个样本或像素的权值：全部相同，使少见类别与常见类别同等重要，或自行给定；多标签时为每个类别的“是”相对于“否”的权值（平衡：总和相等）；验证时全部相同',
    ),
  },
  ownClassWeights: {
    type: 'text',
    placeholder: 'CLASS=X,...',
    maxLength: 10_000,
    option: 'own-class-weights',
    shownWhen: { field: 'classWeights', is: ['own'] },
    isAdvanced: true,
    label: text('Own weights', '自定权值'),
    doc: text(
      'with the class weights own: what a sample or pixel of each class counts, as cat=2, dog=0.5; classes that are not named count 1',
      '类别权值为 own 时：各类别每个样本或像素的权值，如 cat=2, dog=0.5；未列出的类别为 1',
    ),
  },
  /** Deep supervision: GoogLeNet's side heads count 0.3 each. */
  outputWeights: {
    type: 'text',
    placeholder: 'NODE=X,...',
    maxLength: 10_000,
    option: 'output-weights',
    shownWhen: 'severalOutputs',
    isAdvanced: true,
    label: text('Output weights', '输出权值'),
    doc: text(
      'further outputs that learn the same labels along with the trained one, and what the loss of each counts, as aux1=0.3, aux2=0.3; scores and validation are of the trained one, which counts 1 unless it is named',
      '与所训练的输出一起学习同样标签的其他输出，以及各自损失的权值，如 aux1=0.3, aux2=0.3；得分与验证只看所训练的输出，未列出时其权值为 1',
    ),
  },
  /** Keras's steps of gradients: mean gradients of several batches, as if they had been one. */
  accumulate: {
    type: 'integer',
    min: 1,
    max: 1_000_000,
    default: 1,
    step: 1,
    option: 'accumulate',
    isAdvanced: true,
    unit: text('batches', '批'),
    label: text('Batches per step', '每步批数'),
    doc: text(
      'batches whose gradients are put together for one step, as if they were one large batch in the memory of a small one; only batch norm still takes its statistics from each batch. As many as an epoch has, or more, are batch gradient descent',
      '一步合并多少批的梯度，等同于一个大批而只占小批的内存；只有批归一化仍按每个小批统计。达到或超过一轮的批数即为批量梯度下降',
    ),
  },
  /** Polyak averaging. The decay follows TensorFlow's num_updates, so that a short run is not the average of its start. */
  emaDecay: {
    type: 'number',
    min: 0,
    max: 1,
    open: 'max',
    default: 0,
    step: 0.001,
    option: 'ema-decay',
    isAdvanced: true,
    label: text('Weight averaging', '权值平均'),
    doc: text(
      'share that a moving average of the weights keeps of itself at each step (0.999 is usual; at most (1 + step) / (10 + step)); validation and what is saved are by the average; 0: none',
      '权值滑动平均每步保留自身的份额（常用 0.999；最多为 (1 + 步数) / (10 + 步数)）；验证和保存都用平均后的权值；0：不用',
    ),
  },
  /** What says which epoch is better. */
  watch: {
    type: 'choice',
    default: 'auto',
    choices: [
      { value: 'auto', label: text('By data', '自动') },
      { value: 'loss', label: text('Loss', '损失') },
      { value: 'accuracy', label: text('Accuracy', '准确率') },
      { value: 'macroF1', label: text('Macro F1', '宏平均 F1') },
      { value: 'meanIou', label: text('Mean IoU', '平均交并比') },
      { value: 'psnr', label: text('PSNR', '峰值信噪比') },
    ],
    option: 'watch',
    isAdvanced: true,
    label: text('Watched score', '关注指标'),
    doc: text(
      'which validation score says what epoch is the best one; auto: accuracy for classes, macro F1 for multi-label, mean IoU for pixels, PSNR for pictures, the loss for values',
      '以哪个验证指标判断最佳轮；auto：类别用准确率，多标签用宏平均 F1，像素用平均交并比，图像用峰值信噪比，数值用损失',
    ),
  },
  /** As Keras's EarlyStopping. */
  patience: {
    type: 'integer',
    min: 0,
    max: 1_000_000,
    default: 0,
    step: 1,
    option: 'patience',
    isAdvanced: true,
    unit: text('epochs', '轮'),
    label: text('Patience', '耐心'),
    doc: text(
      'early stopping: how many epochs without a better watched score end the run; 0: all epochs are trained',
      '提前停止：关注指标连续多少轮没有改善就结束训练；0：训练全部轮数',
    ),
  },
  keep: {
    type: 'choice',
    default: 'last',
    choices: [
      { value: 'last', label: text('The last', '最后一轮') },
      { value: 'best', label: text('The best', '最佳一轮') },
    ],
    option: 'keep',
    isAdvanced: true,
    label: text('Weights kept', '保留的权值'),
    doc: text(
      'whose weights the run ends with: those of its last epoch, or of its best one; best.safetensors beside them always has the best',
      '训练结束时的权值：最后一轮的，或最佳一轮的；旁边的 best.safetensors 总是最佳一轮的权值',
    ),
  },
  ...augmentationFields,
  ...mixingFields,
  /** Of the initial weights, the order of the data, augmentation and dropout. */
  seed: {
    type: 'integer',
    min: 0,
    max: 0xffff_ffff,
    default: 1,
    step: 1,
    option: 'seed',
    label: text('Seed', '随机种子'),
    doc: text(
      'of the initial weights, the order of the data, augmentation and dropout',
      '用于初始权值、数据顺序、数据增强和随机失活',
    ),
  },
  engine: {
    type: 'choice',
    default: 'auto',
    choices: [
      { value: 'auto', label: text('Auto', '自动') },
      ...engineTable.map(({ id, label }) => ({ value: id, label: text(label, label) })),
    ],
    option: 'engine',
    label: text('Engine', '引擎'),
    doc: text('what computes; auto: the fastest that can run here', '计算引擎；auto：此处可运行的最快者'),
  },
  /** The choices beside 'auto' and float32 are the op graph's reduced types. */
  precision: {
    type: 'choice',
    default: 'float32',
    choices: [
      { value: 'float32', label: text('float32', 'float32') },
      { value: 'bfloat16', label: text('bfloat16', 'bfloat16') },
      { value: 'auto', label: text('By trial', '按试验') },
    ],
    option: 'precision',
    isAdvanced: true,
    label: text('Precision', '数值类型'),
    doc: text(
      'what products of matrices and convolutions are computed in while training; weights, sums and losses stay in float32; auto: bfloat16 where a short trial on this machine is faster and comes to the same losses',
      '训练时矩阵乘积与卷积所用的类型；权值、求和与损失保持 float32；auto：在本机短试验中更快且损失相同时用 bfloat16',
    ),
  },
  /** Gradient checkpointing (Chen and others, arXiv 1604.06174): PyTorch's torch.utils.checkpoint, placed by itself. */
  recompute: {
    type: 'choice',
    default: 'auto',
    choices: [
      { value: 'auto', label: text('As needed', '按需') },
      { value: 'on', label: text('On', '开启') },
      { value: 'off', label: text('Off', '关闭') },
    ],
    option: 'recompute',
    isAdvanced: true,
    label: text('Recompute', '重算'),
    doc: text(
      'whether a step keeps only some of what its forward pass makes and computes the rest again on the way back: less memory, up to half as much time again, the same numbers; auto: where a step would not fit into the memory that is free',
      '一步是否只保留前向结果的一部分，反向时重新计算其余部分：省内存，耗时最多增加约一半，数值不变；auto：当一步放不进空闲内存时',
    ),
  },
  /** Which output to train when the network has several; absent: the only one. */
  output: {
    type: 'text',
    placeholder: 'NODE',
    option: 'output',
    shownWhen: 'severalOutputs',
    label: text('Output', '输出'),
    doc: text('which output is trained, when the network has several', '网络有多个输出时训练哪一个'),
  },
} as const satisfies { readonly [name: string]: TrainingField };
