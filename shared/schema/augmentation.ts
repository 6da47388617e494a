import { text } from '../text';

/** What all strengths have in common: 0 leaves a change out, and the form shows them where somebody sets them one by one. */
const strength = { type: 'number', min: 0, default: 0, shownWhen: 'augmented', isAdvanced: true } as const;

/**
 * The fields of the training configuration that change the pictures of each step, in the order in which a document holds them. A recipe
 * gives strengths; a strength of its own goes before the recipe's.
 */
export const augmentationFields = {
  augment: {
    type: 'choice',
    default: 'none',
    choices: [
      { value: 'none', label: text('None', '无') },
      { value: 'digits', label: text('For digits', '用于数字') },
      { value: 'photos', label: text('For photos', '用于照片') },
      { value: 'own', label: text('One by one', '逐项设置') },
    ],
    option: 'augment',
    label: text('Augmentation', '数据增强'),
    doc: text(
      'changes the training pictures anew at every step, masks along with them; a recipe, or strengths one by one',
      '每一步都重新变换训练图像，掩码随之变换；可选配方，或逐项设置强度',
    ),
  },
  flip: {
    ...strength,
    max: 1,
    step: 0.1,
    option: 'flip',
    label: text('Flip', '翻转'),
    doc: text('the chance that a picture is mirrored, left to right', '图像左右镜像的概率'),
  },
  shift: {
    ...strength,
    max: 0.5,
    step: 0.01,
    option: 'shift',
    label: text('Shift', '平移'),
    doc: text(
      'how far a picture moves, as a part of its side: 0.04 of 28 is one pixel; always by whole pixels',
      '图像移动的距离占边长的比例：28 的 0.04 为一个像素；总是整像素',
    ),
  },
  rotate: {
    ...strength,
    max: 180,
    step: 1,
    option: 'rotate',
    unit: text('degrees', '度'),
    label: text('Rotate', '旋转'),
    doc: text('how far a picture turns, either way', '图像向任一方向旋转的角度'),
  },
  zoom: {
    ...strength,
    max: 0.9,
    step: 0.01,
    option: 'zoom',
    label: text('Zoom', '缩放'),
    doc: text(
      'how much larger or smaller a picture gets: 0.1 is 90 % to 110 %',
      '图像放大或缩小的程度：0.1 即 90 % 至 110 %',
    ),
  },
  shear: {
    ...strength,
    max: 60,
    step: 1,
    option: 'shear',
    unit: text('degrees', '度'),
    label: text('Shear', '剪切'),
    doc: text('how far upright lines lean, either way', '竖直线向任一侧倾斜的角度'),
  },
  brightness: {
    ...strength,
    max: 1,
    step: 0.01,
    option: 'brightness',
    label: text('Brightness', '亮度'),
    doc: text('how much lighter or darker, as a part of black to white', '变亮或变暗的程度，占黑到白的比例'),
  },
  contrast: {
    ...strength,
    max: 1,
    step: 0.01,
    option: 'contrast',
    label: text('Contrast', '对比度'),
    doc: text('how much farther from the mean of the picture, or nearer', '离图像均值更远或更近的程度'),
  },
  noise: {
    ...strength,
    max: 1,
    step: 0.01,
    option: 'noise',
    label: text('Noise', '噪声'),
    doc: text(
      'deviation of the normal noise on each value, as a part of black to white',
      '各值所加正态噪声的标准差，占黑到白的比例',
    ),
  },
  cutout: {
    ...strength,
    max: 0.9,
    step: 0.05,
    option: 'cutout',
    label: text('Cutout', '遮挡'),
    doc: text(
      'side of a square that is covered with the mean of the picture, as a part of its side; labels stay',
      '以图像均值覆盖的方块的边长，占图像边长的比例；标签不变',
    ),
  },
} as const;

/** What both ways of mixing have in common: their number is the alpha of a Beta distribution, and 0 leaves them out. */
const alpha = { type: 'number', min: 0, max: 100, default: 0, step: 0.1, isAdvanced: true } as const;

/**
 * The fields that mix the samples of a batch with one another. The share of the first of two, drawn anew for each batch, is distributed
 * as Beta(alpha, alpha): small ones leave most pairs nearly as they are, 1 makes every share as likely.
 */
export const mixingFields = {
  /** Zhang et al., arXiv 1710.09412. */
  mixup: {
    ...alpha,
    option: 'mixup',
    label: text('Mixup', 'Mixup'),
    doc: text(
      'alpha of mixup: each batch is mixed with itself in another order, pictures and loss by one share from Beta(alpha, alpha); 0.2 to 1 are usual, 0: none. An answer then counts by the share of its label, so that the training accuracy is low; validation is never mixed',
      'Mixup 的 alpha：每批与打乱顺序的自身混合，图像与损失都按取自 Beta(alpha, alpha) 的同一份额；常用 0.2 到 1，0：不用。答案按其标签的份额计入，因此训练准确率偏低；验证从不混合',
    ),
  },
  /** Yun et al., arXiv 1905.04899. */
  cutmix: {
    ...alpha,
    option: 'cutmix',
    label: text('CutMix', 'CutMix'),
    doc: text(
      'alpha of CutMix: a rectangle of each picture is another picture of its batch, and the loss is shared by area, which is from Beta(alpha, alpha); 1 is usual, 0: none. With mixup, each batch takes one of the two, both as likely',
      'CutMix 的 alpha：每幅图像的一块矩形换成同批另一图像的内容，损失按面积分摊，面积取自 Beta(alpha, alpha)；常用 1，0：不用。与 Mixup 同用时，每批等概率取其一',
    ),
  },
} as const;

/** How samples are mixed. */
export type MixingName = keyof typeof mixingFields;

/** The alpha of each way of mixing, 0 for none. */
export type Mixing = { readonly [Name in MixingName]: number };

/** The ways of mixing, in the order of the fields. */
export const mixingNames: readonly MixingName[] = Object.keys(mixingFields).filter(
  (name): name is MixingName => name in mixingFields,
);

/** The ways of mixing that settings ask for. */
export function mixingsOf(settings: Partial<Mixing>): readonly MixingName[] {
  return mixingNames.filter((name) => (settings[name] ?? 0) > 0);
}

type Fields = typeof augmentationFields;

/** What can be done to a picture. */
export type AugmentationName = Exclude<keyof Fields, 'augment'>;

/** How much of each change is made, 0 for none. */
export type Strengths = { readonly [Name in AugmentationName]: number };

/** The settings that decide a run's augmentation. */
export type AugmentationSettings = Strengths & {
  readonly augment: Fields['augment']['choices'][number]['value'];
};

/** What can be done to a picture, in the order of the fields. */
export const augmentationNames: readonly AugmentationName[] = Object.keys(augmentationFields).filter(
  (name): name is AugmentationName => name in augmentationFields && name !== 'augment',
);

const nothing: Strengths = {
  flip: 0,
  shift: 0,
  rotate: 0,
  zoom: 0,
  shear: 0,
  brightness: 0,
  contrast: 0,
  noise: 0,
  cutout: 0,
};

/** What the recipes stand for. Digits are not mirrored: that makes others of them. */
export const augmentationRecipes: { readonly [Recipe in AugmentationSettings['augment']]: Strengths } = {
  none: nothing,
  digits: { ...nothing, shift: 0.04, rotate: 8, zoom: 0.08 },
  photos: { ...nothing, flip: 0.5, shift: 0.1, rotate: 10, zoom: 0.1, brightness: 0.1, contrast: 0.2 },
  own: nothing,
};

/** The strengths of a run: its own ones before those of its recipe. Null where pictures stay as they are. */
export function strengthsOf(settings: AugmentationSettings): Strengths | null {
  const recipe = augmentationRecipes[settings.augment];
  const strengths = Object.fromEntries(
    augmentationNames.map((name) => [name, settings[name] > 0 ? settings[name] : recipe[name]]),
  );
  return augmentationNames.some((name) => (strengths[name] ?? 0) > 0) ? { ...nothing, ...strengths } : null;
}
