import type { NetworkDocument } from '../../schema/document';
import { createRandom } from '../../ops/random';
import { text } from '../../text';
import type { Place } from './contours';
import type { Exhibit, Question } from './exhibit';

/** The loss as a surface over two parameters, and three ways down it. */
export const descentExhibit: Exhibit = {
  id: 'descent',
  lesson: 'learning-rate',
  title: text('Down the loss surface', '沿损失曲面下降'),
  task: text(
    'A line θ₀ + θ₁x is fitted to 16 points. Dark is low loss, and along a contour line it is the same. Pick a start and a learning rate, and walk step by step: with all points (BGD), one (SGD), or four (MBGD) for each step.',
    '用直线 θ₀ + θ₁x 拟合 16 个点。越暗损失越小，同一条等高线上损失相同。选一个起点和学习率，一步一步走：每步用全部的点（BGD）、一个点（SGD）或四个点（MBGD）。',
  ),
  template: 'dnn',
  fits: () => false,
  wantsTraining: false,
  isAlone: true,
};

/** A pair (θ₀, θ₁). */
export type Theta = readonly [number, number];

/** How many samples a step of each kind of descent takes. */
export const descents = { bgd: 16, sgd: 1, mbgd: 4 } as const;
export type Descent = keyof typeof descents;
export const descentKinds = ['bgd', 'sgd', 'mbgd'] as const satisfies readonly Descent[];

/** The range of each parameter on the surface, and at how many values of it the loss is computed, both ends among them. */
export const surface = { from: -2, to: 3, places: 31 } as const;
const spacing = (surface.to - surface.from) / (surface.places - 1);
export const descentSteps = 20;

/** The points that the line is fitted to: about y = 0.5 + x, with noise from a fixed seed. */
export const points: readonly { readonly x: number; readonly y: number }[] = (() => {
  const random = createRandom(3);
  return Array.from({ length: descents.bgd }, (_, at) => {
    const x = -1.5 + (3 * at) / (descents.bgd - 1);
    return { x, y: 0.5 + x + 0.4 * random.normal() };
  });
})();

/**
 * The loss as a function of θ, as a network: its input is θ, an FC gives the residual at every point, and the last layer is their mean
 * square by half. So one pass gives the whole surface, and the way back from the score gives the gradient in θ.
 */
export function lossNetwork(): NetworkDocument {
  return {
    format: 'convloom.network',
    version: 1,
    name: '',
    nodes: [
      { id: 'theta', kind: 'input', params: { shape: [2] } },
      { id: 'residuals', kind: 'fc', params: { units: points.length } },
      { id: 'squares', kind: 'multiply', params: {} },
      { id: 'loss', kind: 'fc', params: { units: 1, useBias: false } },
    ],
    edges: [
      { from: 'theta', to: 'residuals' },
      { from: 'residuals', to: 'squares' },
      { from: 'residuals', to: 'squares', toPort: 1 },
      { from: 'squares', to: 'loss' },
    ],
  };
}

/** Its weights for some of the points: J = 1/2m · Σ (θ₀ + θ₁x − y)². */
export function lossWeights(samples: readonly number[]): { readonly [name: string]: Float32Array } {
  const chosen = new Float32Array(points.length);
  for (const sample of samples) chosen[sample] = 1 / (2 * samples.length);
  return {
    'residuals/kernel': Float32Array.from([...points.map(() => 1), ...points.map(({ x }) => x)]),
    'residuals/bias': Float32Array.from(points, ({ y }) => -y),
    'loss/kernel': chosen,
  };
}

/** The order of the points in an epoch: a shuffle of its own for each. */
function shuffled(epoch: number): readonly number[] {
  const random = createRandom(100 + epoch);
  const order = points.map((_, at) => at);
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random.uniform() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  return order;
}

/** The points of one step, counted from 0; each is taken once in an epoch. */
export function samplesAt(kind: Descent, step: number): readonly number[] {
  const size = descents[kind];
  const perEpoch = points.length / size;
  const from = (step % perEpoch) * size;
  return shuffled(Math.floor(step / perEpoch)).slice(from, from + size);
}

/** Every θ at which the surface is computed, row by row: θ₁ falls from top to bottom, θ₀ rises from left to right. */
export function surfaceThetas(): Float32Array {
  const values: number[] = [];
  for (let y = 0; y < surface.places; y++) {
    for (let x = 0; x < surface.places; x++) values.push(...thetaAt({ x, y }));
  }
  return Float32Array.from(values);
}

/** The θ of a place on the surface. */
export function thetaAt({ x, y }: Place): Theta {
  return [surface.from + x * spacing, surface.to - y * spacing];
}

/** Where a θ lies on the surface, in steps of its grid from the upper left. */
export function placeOf([a, b]: Theta): Place {
  return { x: (a - surface.from) / spacing, y: (surface.to - b) / spacing };
}

/** θ ← θ − α·∇J(θ). */
export function descend(theta: Theta, gradient: Theta, rate: number): Theta {
  return [theta[0] - rate * gradient[0], theta[1] - rate * gradient[1]];
}

/** One step of a path: where it stood, what was found there. */
export type DescentStep = { readonly theta: Theta; readonly gradient: Theta; readonly loss: number };

/** The update rule with the numbers of one step. */
export function descentQuestion({ theta, gradient }: DescentStep, rate: number): Question {
  const [, next] = descend(theta, gradient, rate);
  const written = (value: number): string => value.toFixed(3).replace('-', '−');
  const [from, slope, alpha] = [written(theta[1]), written(gradient[1]), String(rate)];
  return {
    kind: 'number',
    ask: text(
      `θ₁ is ${from}, its gradient ${slope}, the learning rate ${alpha}. Where does the next step put θ₁? (Two places.)`,
      `θ₁ 是 ${from}，它的梯度是 ${slope}，学习率是 ${alpha}。下一步之后 θ₁ 是多少？（保留两位小数。）`,
    ),
    because: text(
      `${from} − ${alpha} × (${slope}) = ${written(next)}: against the gradient, as far as the rate says.`,
      `${from} − ${alpha} × (${slope}) = ${written(next)}：朝梯度的反方向，走多远由学习率决定。`,
    ),
    answer: next,
    tolerance: 0.011,
  };
}
