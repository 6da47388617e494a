import type { Diagnostic } from '../diagnostics/diagnostic';
import type { Json, NetworkDocument } from '../schema/document';
import type { AnyLayerDefinition, ParamFields, ParamValues, Shape } from '../layers/define';
import { readParams } from '../layers/params';
import type { LayerRegistry } from '../layers/registry';
import { endsMaps, isInput, isMerge } from '../layers/traits';
import { checkNode } from './rules/node';
import { readWiring, type Wiring } from './wiring';

/** Input lengths `min`, `min + period`, `min + 2·period`, ... */
export type InputSizeClass = { readonly min: number; readonly period: number };

/**
 * Which lengths of an input's axis a network takes. `proven`: exact for every length up to the format's limit, by the argument at
 * {@link solveInputSizes}; otherwise only lengths up to `searched` were tried.
 */
export type InputSizes = {
  /** By `min`; empty when no length works. */
  readonly classes: readonly InputSizeClass[];
  readonly proven: boolean;
  readonly searched: number;
};

/** Largest length that is offered. */
const longest = 65_536;

/** Steps of {@link LengthSolver} that a search without a period may take: some tens of milliseconds. */
const searchBudget = 4_000_000;

/** Beyond this period, trying out every residue would take too long to wait for. */
const longestPeriod = 4_096;

/** What a length must give: no shape error, or besides that no window that leaves out the last rows or columns. */
export type InputSizeRule = 'works' | 'lossless';

/**
 * Solves for the lengths of one axis (0 height, 1 width) of an input that a network takes. Lossless lengths of U-Net with valid
 * convolutions are 188, 204, 220, ... that is N = 12 mod 16 from 188 on; it works for every N from 188, but then its pools drop
 * rows. With same padding and L pools, both are the multiples of 2^L.
 *
 * Why a finite search is a proof. Every length along the network is a function f of N with f(N + p) = f(N) + q for whole p and q: the
 * input has (1, 1), a window of stride s turns (p, q) into (p·s/g, q/g) with g = gcd(q, s) because adding a multiple of s before
 * a rounded division adds a whole number behind it, an enlargement by s gives (p, q·s), and the rest leaves it. Let P be a common
 * multiple of all p. A window that fits at N fits at N + P. Where two branches meet with equal rates q/p, their difference is the
 * same at N and N + P, and so is what a window leaves over. So one residue mod P is decided by the first N of it that either works or has branches that differ.
 * Branches with unequal rates agree at a few lengths at most; then nothing is proven and the lengths found are listed.
 */
export function solveInputSizes(
  document: NetworkDocument,
  inputId: string,
  axis: 0 | 1,
  rule: InputSizeRule = 'works',
  layers?: LayerRegistry,
): InputSizes {
  return solve(new LengthSolver(readWiring(document, layers), inputId, axis), rule);
}

/** What {@link solveInputSizes} gives for both axes, height first, by both rules. */
export type AllInputSizes = { readonly [Rule in InputSizeRule]: readonly [height: InputSizes, width: InputSizes] };

/** As {@link solveInputSizes} for both axes by both rules, at the cost of one where height and width are alike to the network. */
export function solveAllInputSizes(document: NetworkDocument, inputId: string): AllInputSizes {
  const wiring = readWiring(document);
  const rows = new LengthSolver(wiring, inputId, 0);
  const columns = rows.isSymmetric() ? rows : new LengthSolver(wiring, inputId, 1);
  const both = (rule: InputSizeRule): readonly [InputSizes, InputSizes] => {
    const height = solve(rows, rule);
    return [height, columns === rows ? height : solve(columns, rule)];
  };
  return { works: both('works'), lossless: both('lossless') };
}

function solve(solver: LengthSolver, rule: InputSizeRule): InputSizes {
  const period = solver.period();
  const judge = (length: number): Judgement => solver.judge(length, rule);
  return period === null || period > longestPeriod || period * solver.stepCount > searchBudget
    ? searchSizes(judge, solver.stepCount)
    : solvePeriodic(judge, period);
}

type Judgement = 'fits' | 'small' | 'differs';
type Judge = (length: number) => Judgement;

/** The valid lengths nearest to `length`: the largest not above and the smallest not below; null where there is none. */
export function nearestInputSizes(
  sizes: InputSizes,
  length: number,
): { readonly below: number | null; readonly above: number | null } {
  let below: number | null = null;
  let above: number | null = null;
  for (const { min, period } of sizes.classes) {
    const steps = period === 0 ? 0 : Math.floor((length - min) / period);
    const low = min + Math.max(steps, 0) * period;
    const candidates = period === 0 ? [min] : [low, low + period];
    for (const candidate of candidates) {
      if (candidate > longest) continue;
      if (candidate <= length && (below === null || candidate > below)) below = candidate;
      if (candidate >= length && (above === null || candidate < above)) above = candidate;
    }
  }
  return { below, above };
}

/** True when a length is among those found. */
export function isValidInputSize(sizes: InputSizes, length: number): boolean {
  const { below } = nearestInputSizes(sizes, length);
  return below === length;
}

function solvePeriodic(judge: Judge, period: number): InputSizes {
  const classes: InputSizeClass[] = [];
  const single: InputSizeClass[] = [];
  for (let residue = 1; residue <= period; residue++) {
    const min = firstDecided(judge, residue, period);
    if (min === null) continue;
    const next = min + period;
    const goesOn = next > longest || judge(next) === 'fits';
    const fits = judge(min) === 'fits';
    // A branch of one position is stretched over the other, and has grown out of that a period later.
    if (goesOn && (fits || next <= longest)) classes.push({ min: fits ? min : next, period });
    else if (fits) single.push({ min, period: 0 });
  }
  const all = [...merge(classes.toSorted((a, b) => a.min - b.min)), ...single];
  return { classes: all.toSorted((a, b) => a.min - b.min), proven: true, searched: longest };
}

/**
 * The first of `residue`, `residue + period`, ... that is not too small; null when all up to the format's limit are. Windows that fit
 * go on fitting and branches that differ go on differing, so doubling and then halving the stretch finds it.
 */
function firstDecided(judge: Judge, residue: number, period: number): number | null {
  const isSmall = (steps: number): boolean => judge(residue + steps * period) === 'small';
  const last = Math.floor((longest - residue) / period);
  if (last < 0) return null;
  let small = -1;
  let decided = 0;
  while (isSmall(decided)) {
    if (decided === last) return null;
    small = decided;
    decided = Math.min(last, decided * 2 + 1);
  }
  while (decided - small > 1) {
    const middle = Math.floor((small + decided) / 2);
    if (isSmall(middle)) small = middle;
    else decided = middle;
  }
  return residue + decided * period;
}

function searchSizes(judge: Judge, stepCount: number): InputSizes {
  const classes: InputSizeClass[] = [];
  const searched = Math.min(longestPeriod, Math.max(1, Math.floor(searchBudget / stepCount)));
  for (let length = 1; length <= searched; length++) {
    if (judge(length) === 'fits') classes.push({ min: length, period: 0 });
  }
  return { classes, proven: false, searched };
}

/** Joins classes that only repeat each other: every residue mod 4 from 7 on is simply everything from 7 on. */
function merge(classes: readonly InputSizeClass[]): readonly InputSizeClass[] {
  const [first] = classes;
  if (first === undefined) return classes;
  const { period } = first;
  for (let finer = 1; finer < period; finer++) {
    if (period % finer !== 0) continue;
    const count = period / finer;
    const groups = new Map<number, InputSizeClass[]>();
    for (const found of classes) groups.set(found.min % finer, [...(groups.get(found.min % finer) ?? []), found]);
    const isUniform = [...groups.values()].every(
      (group) =>
        group.length === count && group.every(({ min }, index) => min === (group[0]?.min ?? 0) + index * finer),
    );
    if (isUniform) return [...groups.values()].map(([start = first]) => ({ min: start.min, period: finer }));
  }
  return classes;
}

/** How a length grows with the input's: f(N + period) = f(N) + gain. */
type Growth = { readonly period: number; readonly gain: number };

type Step = {
  readonly id: string;
  readonly sources: readonly (string | null)[];
  /** Null where the trouble has nothing to do with lengths. */
  readonly infer: (inputs: readonly Shape[]) => 'small' | 'differs' | Shape | null;
  /** Whether a window leaves out the last rows or columns. */
  readonly isLossy: (inputs: readonly Shape[], output: Shape) => boolean;
};

const tooSmall = new Set([
  'layers/window-too-large',
  'layers/nothing-left',
  'layers/reflect-too-large',
  'layers/slice-outside',
]);
const mismatches = new Set([
  'layers/add-mismatch',
  'layers/block-sides',
  'layers/concat-mismatch',
  'layers/crop-too-large',
]);

/** Runs only the shape rules, along one axis. The other axis is open, so it constrains nothing. */
class LengthSolver {
  readonly #steps: readonly Step[];
  readonly #wiring: Wiring;
  readonly #inputShape: (length: number) => Shape;
  readonly #inputId: string;
  readonly #axis: 0 | 1;
  /** The rules ask for mostly the same lengths. */
  readonly #judged = new Map<number, { readonly [Rule in InputSizeRule]: Judgement }>();
  #period: number | null | undefined;

  constructor(wiring: Wiring, inputId: string, axis: 0 | 1) {
    this.#wiring = wiring;
    this.#inputId = inputId;
    this.#axis = axis;
    const raw = this.#wiring.nodes.get(inputId)?.node.params['shape'];
    const channels = Array.isArray(raw) && typeof raw[2] === 'number' ? raw[2] : null;
    this.#inputShape = (length) => (axis === 0 ? [length, null, channels] : [null, length, channels]);
    this.#steps = this.#compile();
  }

  get stepCount(): number {
    return Math.max(1, this.#steps.length);
  }

  /**
   * Whether height and width are alike to the network: no param is a list of other than twice the same or names an axis, and each layer
   * makes of a map on its side what it makes of the map, on its side. A network that is not surely so counts as otherwise.
   */
  isSymmetric(): boolean {
    const isAlike = (value: Json): boolean =>
      Array.isArray(value) ? value.length === 2 && value[0] === value[1] : value !== 'height' && value !== 'width';
    for (const [id, { node, definition }] of this.#wiring.nodes) {
      if (id === this.#inputId) continue;
      const { shape } = node.params;
      const isFine =
        isInput(definition) && Array.isArray(shape)
          ? shape.length === 1 || shape[0] === shape[1]
          : Object.values(node.params).every(isAlike);
      if (!isFine) return false;
    }
    // Larger than whatever is cut off.
    const [length, other] = [longest - 15, longest - 39];
    return this.#steps.every(({ sources, infer }) => {
      const standing = infer(sources.map(() => [length, other, null]));
      const lying = infer(sources.map(() => [other, length, null]));
      if (standing === null || lying === null || typeof standing === 'string' || typeof lying === 'string')
        return standing === lying;
      const isMap = standing.length === 3 && lying.length === 3;
      return isMap
        ? standing[0] === lying[1] && standing[1] === lying[0]
        : standing.every((size, at) => size === lying[at]);
    });
  }

  /** 'small': a window does not fit, and may at a greater length. 'differs': branches do not meet, or a row is lost. */
  judge(length: number, rule: InputSizeRule): Judgement {
    const known = this.#judged.get(length);
    if (known !== undefined) return known[rule];
    const judged = this.#walk(length);
    this.#judged.set(length, judged);
    return judged[rule];
  }

  #walk(length: number): { readonly [Rule in InputSizeRule]: Judgement } {
    const shapes = new Map<string, Shape>([[this.#inputId, this.#inputShape(length)]]);
    let isSmall = false;
    let isLossy = false;
    for (const step of this.#steps) {
      const inputs = step.sources.map((source) => (source === null ? undefined : shapes.get(source)));
      const known = inputs.filter((shape) => shape !== undefined);
      if (known.length < inputs.length) continue;
      const shape = step.infer(known);
      if (shape === 'differs') return { works: 'differs', lossless: 'differs' };
      if (shape === 'small') isSmall = true;
      else if (shape !== null) {
        shapes.set(step.id, shape);
        isLossy ||= step.isLossy(known, shape);
      }
    }
    const works = isSmall ? 'small' : 'fits';
    return { works, lossless: isLossy ? 'differs' : works };
  }

  /** P of {@link solveInputSizes}; null when branches with unequal rates meet, or lengths go another way than along the axis. */
  period(): number | null {
    this.#period ??= this.#findPeriod();
    return this.#period;
  }

  #findPeriod(): number | null {
    const growths = new Map<string, Growth>([[this.#inputId, { period: 1, gain: 1 }]]);
    let period = 1;
    for (const { id, sources } of this.#steps) {
      const wired = this.#wiring.nodes.get(id);
      if (isInput(wired?.definition)) {
        // Another input stays as it is, and so does all that hangs on it alone.
        if (this.#hasLength(id)) growths.set(id, { period: 1, gain: 0 });
        continue;
      }
      // A list has no length along the axis, whatever the map was that it came from.
      if (endsMaps(wired?.definition)) continue;
      const inputs = sources.map((source) => (source === null ? undefined : growths.get(source)));
      const known = inputs.filter((input) => input !== undefined);
      const [first] = known;
      if (first === undefined) continue;
      const second = inputs[1];
      const meets = isMerge(wired?.definition) || second !== undefined;
      if (meets && known.some((other) => !isSameRate(first, other))) return null;
      const growth = second ?? this.#growthBehind(id, first);
      if (growth === null) return null;
      for (const { period: part } of known) period = lcm(period, part);
      period = lcm(period, growth.period);
      growths.set(id, growth);
    }
    return period;
  }

  /** Whether another input says how long it is along the axis. */
  #hasLength(inputId: string): boolean {
    const shape = this.#wiring.nodes.get(inputId)?.node.params['shape'];
    return Array.isArray(shape) && shape.length === 3 && typeof shape[this.#axis] === 'number';
  }

  #growthBehind(id: string, growth: Growth): Growth | null {
    const wired = this.#wiring.nodes.get(id);
    const { definition, node } = wired ?? {};
    if (definition == null || node === undefined) return growth;
    const params = readParams(definition, node.params, id);
    if (!params.ok) return growth;
    const open = [null, null, 1];
    const shape = definition.inferShape({ nodeId: id, params: params.value, inputs: [open] });
    // A length that comes out of an open one is the same whatever goes in.
    if (shape.ok && shape.value.length === 3 && shape.value[this.#axis] !== null) return { period: 1, gain: 0 };
    const step = definition.receptiveField({ nodeId: id, params: params.value, inputs: [open], output: open });
    if (typeof step === 'string') return this.#keepsLength(definition, params.value, id) ? growth : null;
    const stride = step.stride[this.#axis];
    if (stride < 1) return { period: growth.period, gain: growth.gain * Math.round(1 / stride) };
    const shared = gcd(growth.gain, stride);
    return { period: (growth.period * stride) / shared, gain: growth.gain / shared };
  }

  /** Whether a length along the axis comes out as it went in; true where the layer takes no such map. */
  #keepsLength(definition: AnyLayerDefinition, params: ParamValues<ParamFields>, id: string): boolean {
    const length = 97;
    const map = this.#axis === 0 ? [length, null, null] : [null, length, null];
    const shape = definition.inferShape({ nodeId: id, params, inputs: [map] });
    return !shape.ok || shape.value[this.#axis] === length;
  }

  #compile(): Step[] {
    const steps: Step[] = [];
    for (const [id, { node, definition, sources, state }] of this.#wiring.nodes) {
      if (id === this.#inputId || definition === null || state !== 'ok') continue;
      const params = readParams(definition, node.params, id);
      if (!params.ok) continue;
      const infer = (inputs: readonly Shape[]): 'small' | 'differs' | Shape | null => {
        const shape = definition.inferShape({ nodeId: id, params: params.value, inputs });
        if (shape.ok) return shape.value;
        if (shape.diagnostics.some(({ code }) => mismatches.has(code))) return 'differs';
        return shape.diagnostics.some(({ code }) => tooSmall.has(code)) ? 'small' : null;
      };
      const isLossy = (inputs: readonly Shape[], output: Shape): boolean =>
        checkNode(definition, { nodeId: id, params: params.value, inputs, output }).some(isBorderLost);
      steps.push({ id, sources, infer, isLossy });
    }
    return steps;
  }
}

function isBorderLost({ code }: Diagnostic): boolean {
  return code === 'layers/border-lost';
}

function isSameRate(a: Growth, b: Growth): boolean {
  return a.gain * b.period === b.gain * a.period;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function lcm(a: number, b: number): number {
  return (a / gcd(a, b)) * b;
}
