import type { Result } from '../diagnostics/diagnostic';
import type { Json } from '../schema/document';
import type { OpBuilder, Value } from '../ops/builder';
import type { PoolAttributes } from '../ops/graph';
import type { Padding, Shape, Size2 } from '../schema/shape';
import type { Text } from '../text';
import type { Glyph } from './glyph';
import type { Fans, ScaledInitializerName } from './initializers';

export type { Padding, Shape, Size2 } from '../schema/shape';

export type LayerFamily = 'io' | 'conv' | 'activation' | 'pool' | 'fc' | 'gap' | 'upconv' | 'merge' | 'shape' | 'norm';

type FieldBase = {
  readonly label: Text;
  /** One sentence of help. */
  readonly doc: Text;
  /** False hides the field in the form; its value still counts. */
  readonly visible?: (params: { readonly [name: string]: unknown }) => boolean;
  /** What a new node is given where there is no default, as the document writes it. */
  readonly initial?: Json;
};

/** One param of a layer. The parser, the inspector's form, the docs and the TypeScript type are all derived from it. */
export type ParamField =
  | (FieldBase & {
      readonly type: 'integer' | 'number';
      readonly min: number;
      readonly max: number;
      readonly default?: number;
      /** May be absent, and then reads as null. */
      readonly optional?: boolean;
    })
  | (FieldBase & { readonly type: 'boolean'; readonly default: boolean })
  | (FieldBase & {
      readonly type: 'choice';
      readonly values: readonly string[];
      readonly labels?: Readonly<Record<string, Text>>;
      readonly default?: string;
      /** Set where the choice may also be `false`, which is then its default: what false is called. */
      readonly off?: Text;
    })
  /** One number, or a list with one for each channel. */
  | (FieldBase & { readonly type: 'numbers'; readonly min: number; readonly max: number; readonly default: number })
  /** A foreign name: letters, digits and `. _ : -`, so that it is no code anywhere. */
  | (FieldBase & { readonly type: 'name'; readonly default: string })
  /** What an import keeps for an export, in JSON; no form shows it, and null is none. */
  | (FieldBase & { readonly type: 'kept'; readonly default: null })
  /** The numbers 1 to n, each once. */
  | (FieldBase & { readonly type: 'order' })
  /** A number or `[height, width]`. `optional` sizes may be absent and then read as null. */
  | (FieldBase & {
      readonly type: 'size';
      readonly min: number;
      readonly max: number;
      readonly default?: number;
      readonly optional?: boolean;
    })
  | (FieldBase & { readonly type: 'padding'; readonly default: Padding })
  /** `[height, width, channels]` or `[units]`, with null for a size that is not known. */
  | (FieldBase & { readonly type: 'shape'; readonly default?: Shape })
  /** 'center' or a number of pixels per side, as one number or `[top, left]`. */
  | (FieldBase & { readonly type: 'offset'; readonly default: 'center' });

export type ParamFields = { readonly [name: string]: ParamField };

type FieldValue<F extends ParamField> = F extends { type: 'integer' | 'number'; optional: true }
  ? number | null
  : F extends { type: 'integer' | 'number' }
    ? number
    : F extends { type: 'boolean' }
      ? boolean
      : F extends { type: 'choice'; values: readonly (infer V extends string)[] }
        ? F extends { off: Text }
          ? V | false
          : V
        : F extends { type: 'size'; optional: true }
          ? Size2 | null
          : F extends { type: 'size' }
            ? Size2
            : F extends { type: 'padding' }
              ? Padding
              : F extends { type: 'shape' }
                ? Shape
                : F extends { type: 'offset' }
                  ? 'center' | Size2
                  : F extends { type: 'numbers' }
                    ? number | readonly number[]
                    : F extends { type: 'order' }
                      ? readonly number[]
                      : F extends { type: 'name' }
                        ? string
                        : F extends { type: 'kept' }
                          ? Json
                          : never;

/** The params of a layer as code sees them: defaults filled in, sizes as `[height, width]`. */
export type ParamValues<F extends ParamFields> = { readonly [K in keyof F]: FieldValue<F[K]> };

/** What a layer's functions are given. `inputs` are in port order. */
export type LayerContext<P> = {
  readonly nodeId: string;
  readonly params: P;
  readonly inputs: readonly Shape[];
  /** The pool at a port that takes maxima; null where something else is wired to it, and left out where only shapes are known. */
  readonly maxima?: Maxima | null;
};

/** A max pool as seen by a layer that goes back through it: the map that it was given, and its windows. */
export type Maxima = { readonly map: Shape; readonly windows: PoolAttributes };

/** A context whose shape came out: sizes in `inputs` may still be null where the network's input leaves them open. */
export type ShapedContext<P> = LayerContext<P> & { readonly output: Shape };

/** How weights start. 'auto' is settled by the function that follows, which only the network knows. */
export type Initializer =
  | ({ readonly type: ScaledInitializerName } & Fans)
  | ({ readonly type: 'auto' } & Fans)
  | { readonly type: 'zeros' | 'ones' }
  | { readonly type: 'constant'; readonly value: number }
  /** One for each value of the weight, in order. */
  | { readonly type: 'values'; readonly values: readonly number[] };

/** One weight tensor. Layouts are TensorFlow's: conv `[kh, kw, in / groups, out]`, up-conv `[kh, kw, out / groups, in]`, fc `[in, out]`. */
export type WeightSpec = {
  /** Unique within the layer: 'kernel', 'bias', 'gamma', 'beta', 'movingMean', 'movingVariance'. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  readonly trainable: boolean;
};

/** One formula with its live numbers. `formula` and `numbers` are language-free; e.g. 'b = x − a + 1', '28 − 5 + 1', '24'. */
export type Explanation = {
  readonly about: 'shape' | 'params' | 'macs' | 'values' | 'receptiveField';
  readonly title: Text;
  readonly formula: string;
  /** The formula with the live numbers put in. */
  readonly numbers: string;
  readonly result: string;
};

/**
 * What a layer does to the receptive field, per axis and counted in its input's values: a window of `size` (dilation included)
 * moves by `stride`, and the first window's centre lies `start` from the first value's centre (negative where padding leads).
 * Layers that enlarge have a stride below 1. 'pass' leaves the field as it is, 'global' sees everything.
 */
export type ReceptiveFieldStep =
  | { readonly size: Size2; readonly stride: readonly [number, number]; readonly start: readonly [number, number] }
  | 'pass'
  | 'global';

/** One of a layer's fixed inputs. */
export type InputPort = {
  readonly name: Text;
  /** May stay unwired. */
  readonly optional?: boolean;
  /** Needs `[height, width, channels]`. */
  readonly spatial?: boolean;
  /** Only the size of what comes in counts, not its values. */
  readonly givesSize?: boolean;
  /** Only where the largest value of each window lies counts: it is wired to a max pool, and is given what that pool was given. */
  readonly takesMaxima?: boolean;
};

/** Fixed ports stand in order. */
export type InputPorts =
  | { readonly arity: 'none' | 'variadic' }
  | { readonly arity: 'fixed'; readonly ports: readonly InputPort[] };

/**
 * The params that a layer of a role has, so that whoever knows the role can read and set them. Most kinds need no role: it is for those
 * that transforms rebuild, frameworks read differently, or rules about size speak of.
 */
type RoleParams = {
  /** A window with a learned kernel `[kh, kw, in / groups, out]`. */
  readonly convolution: 'filters' | 'kernelSize' | 'strides' | 'padding' | 'dilationRate' | 'groups' | KernelParams;
  /** The convolution run backwards, kernel `[kh, kw, out / groups, in]`. */
  readonly transposedConvolution:
    | 'filters'
    | 'kernelSize'
    | 'strides'
    | 'padding'
    | 'dilationRate'
    | 'groups'
    | KernelParams;
  /** Every value with every unit, kernel `[in, out]`. */
  readonly dense: 'units' | KernelParams;
  /** A window that learns nothing and makes the map smaller. */
  readonly pooling: 'poolSize' | 'strides' | 'padding' | 'rounding';
  /** One value of each whole channel. */
  readonly globalPooling: 'mode';
  /** The values of a map as a list, in h, w, c order. */
  readonly flattening: never;
  /** A function of each value, named by `function`. */
  readonly activation: 'function';
};
type KernelParams = 'useBias' | 'activation' | 'initializer' | 'trainable';

/** What a layer is to those that must know more of it than its shape rule and its lowering. */
export type LayerRole = keyof RoleParams;

/** The roles that a layer with these params can take. */
type RoleFor<F extends ParamFields> = { [R in LayerRole]: RoleParams[R] extends keyof F ? R : never }[LayerRole];

/**
 * Facts about a kind that rules, transforms, layouts and drawings ask for in place of its name. What follows from them, or from the
 * rest of the definition (has it weights, does it merge, may it stand in a head), is in `traits.ts`.
 */
export type LayerTraits<P, Role extends LayerRole = LayerRole> = {
  readonly role?: Role;
  /** Keeps the shape of any map or list and treats each position of it alone, as an activation does. */
  readonly isPointwise: boolean;
  /** While training, its statistics are those of the batch: of every position of every sample, per channel. */
  readonly normalizesBatch?: boolean;
  /** The windows of which it gives the largest value; null where it gives something else. */
  maximaOf?(context: ShapedContext<P>): PoolAttributes | null;
  /** Stands for what is not understood: it has a shape, and cannot be run. */
  readonly isOpaque?: boolean;
  /** Multiplies its inputs by each other, so that one may be a gate for another. */
  readonly multiplies?: boolean;
  /** Its output is larger than its input: it stands on the way up of an encoder-decoder. */
  readonly enlarges?: boolean;
  /** Whether a linear layer before it and one behind it are still one linear map: it adds no kernel, and bends nothing. */
  keepsLinear(params: P): boolean;
  /** Its glyph; with params where those of a node are known, since some draw their function. */
  glyph(params: Partial<P>): Glyph;
};

/** Another name of a kind; one that says more, as 'relu' and 'avgpool' do, brings the params that it implies. */
export type Synonym<F extends ParamFields = ParamFields> =
  | string
  | { readonly names: readonly string[]; readonly params: { readonly [K in keyof F]?: Json } };

/** Weights as values of the op graph, by {@link WeightSpec} name. */
export type WeightValues = { readonly [name: string]: Value };

/**
 * Everything that Convloom knows about a layer kind. Methods rather than function properties: lists of all kinds forget the
 * params' types, and only the kind's own validated params ever reach them.
 *  A new kind is one such file and one line in `index.ts`.
 */
export type LayerDefinition<Kind extends string, F extends ParamFields> = {
  /** The id in documents. */
  readonly kind: Kind;
  readonly label: Text;
  readonly family: LayerFamily;
  /** First sentence stands alone; then what a newcomer needs. */
  readonly doc: Text;
  readonly references: readonly { readonly title: string; readonly url: string }[];
  /** Key that inserts it from the canvas, if it has one. */
  readonly hotkey?: string;
  readonly params: F;
  readonly inputs: InputPorts;
  readonly traits: LayerTraits<ParamValues<F>, RoleFor<F>>;
  /** What else it is called, by people and by other tools, in both languages: 'conv2d', '卷积层'. Case, spaces and hyphens do not count. */
  readonly synonyms?: readonly Synonym<F>[];
  /** The params that a sketch gives by their place, in order: `conv 20 5`. One number may stand for several params. */
  readonly sketch?: readonly ((keyof F & string) | readonly (keyof F & string)[])[];
  /** The few words under a node's name: "20 × 5×5", "2×2, step 2". */
  caption(params: ParamValues<F>): Text;
  /** The name of this node with these params where it is better than the label: "Max pool", "ReLU". */
  title?(params: ParamValues<F>): Text;
  inferShape(context: LayerContext<ParamValues<F>>): Result<Shape>;
  explain(context: ShapedContext<ParamValues<F>>): readonly Explanation[];
  weights(context: ShapedContext<ParamValues<F>>): readonly WeightSpec[];
  /** Multiply-adds per sample; null when a size is unknown. Bias, activation and pooling are not counted. */
  macs(context: ShapedContext<ParamValues<F>>): number | null;
  receptiveField(context: ShapedContext<ParamValues<F>>): ReceptiveFieldStep;
  /**
   * The layer as primitive ops. `mode` 'train' uses batch statistics and drops values; 'infer' does not.
   * Shapes are all known here: lowering is done only for a network without errors and without unknown sizes.
   */
  lower(
    context: ShapedContext<ParamValues<F>>,
    ops: OpBuilder,
    inputs: readonly Value[],
    weights: WeightValues,
    mode: 'train' | 'infer',
  ): Value;
};

/** A definition whose params have been forgotten, as lists of all kinds hold it. */
export type AnyLayerDefinition = LayerDefinition<string, ParamFields>;

/** Declares a layer kind; exists so that TypeScript infers the params' types from their schema. */
export function defineLayer<const Kind extends string, const F extends ParamFields>(
  definition: LayerDefinition<Kind, F>,
): LayerDefinition<Kind, F> {
  return definition;
}

/** Params as a document holds them. */
export type RawParams = { readonly [name: string]: Json };
