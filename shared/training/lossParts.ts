import type { TrainingConfig } from '../schema/training';

/** The parts that a perceptual loss may have, in the order in which they are told. */
export const lossPartNames = ['content', 'style', 'variation'] as const;

/** What the parts of a perceptual loss come to, each as it counts, so that they add up to the loss; absent where a part is not there. */
export type LossParts = { readonly [part in (typeof lossPartNames)[number]]?: number };

/** The settings that decide whether there is a style. */
export type StyleSettings = Partial<Pick<TrainingConfig, 'loss' | 'stylePicture' | 'styleWeight'>>;

/** Whether answers are to have another style than their pictures: then likeness to the pixels is no score. */
export function isStyled({ loss, stylePicture, styleWeight }: StyleSettings): boolean {
  return loss === 'perceptual' && stylePicture !== undefined && styleWeight !== 0;
}

const lineNames: { readonly [part in keyof LossParts]-?: string } = {
  content: 'content',
  style: 'style',
  variation: 'smoothness',
};

/** The parts in one line of the command line: "content 0.0512, style 0.0301". */
export function lossPartsText(parts: LossParts): string {
  return lossPartNames
    .flatMap((part) => (parts[part] === undefined ? [] : [`${lineNames[part]} ${parts[part].toFixed(4)}`]))
    .join(', ');
}
