import { text, type Text } from '../text';

/** How near a loss must be to a number to be it, as a part of it; chance is met by and large, as biases wander. */
const near = 2e-4;
const nearChance = 5e-3;

/** -log of the least number that something is clipped to, or that its type holds. */
const clips: readonly { readonly loss: number; readonly what: Text }[] = [
  {
    loss: -Math.log(1.17549435e-38),
    what: text(
      '-ln of the least normal float32: the probability of the right class is 0, and is clipped there. All answers are surely wrong: the scores have blown up. Try a third of the learning rate.',
      '即最小的规格化 float32 的 -ln：正确类别的概率为 0，被截断在那里。回答全部有把握地错了：得分已爆炸。请把学习率降到三分之一。',
    ),
  },
  {
    loss: -Math.log(1.4e-45),
    what: text(
      '-ln of the least float32 of all: the probability of the right class is 0. The scores have blown up. Try a third of the learning rate.',
      '即最小的 float32 的 -ln：正确类别的概率为 0。得分已爆炸。请把学习率降到三分之一。',
    ),
  },
  ...[1e-7, 1e-8, 1e-12, 1e-15].map((clip) => ({
    loss: -Math.log(clip),
    what: text(
      `-ln of ${clip}, where many programs clip probabilities: the head is saturated, and no gradient comes through the clip. Feed the loss scores, not probabilities.`,
      `即 ${clip} 的 -ln，许多程序把概率截断在此：输出已饱和，梯度无法通过截断。请向损失函数提供得分而不是概率。`,
    ),
  })),
  {
    loss: -Math.log(2 ** -23),
    what: text(
      '-ln of the float32 epsilon, where probabilities are clipped: the head is saturated, and no gradient comes through the clip.',
      '即 float32 的 epsilon 的 -ln，概率被截断在此：输出已饱和，梯度无法通过截断。',
    ),
  },
];

/** What a cross-entropy says by being a certain number; null for one that says nothing. `classCount` 0: of values. */
export function fingerprintOf(loss: number, classCount: number): Text | null {
  const is = (number: number, part = near): boolean => Math.abs(loss - number) <= part * number;
  if (classCount > 1 && is(Math.log(classCount), nearChance)) {
    const value = Math.log(classCount).toFixed(6);
    return text(
      `ln ${classCount} = ${value} is the loss of giving all ${classCount} classes the same probability: nothing of the input reaches the answer.`,
      `ln ${classCount} = ${value} 是给全部 ${classCount} 个类别相同概率时的损失：输入的信息没有到达输出。`,
    );
  }
  return clips.find((clip) => is(clip.loss))?.what ?? null;
}
