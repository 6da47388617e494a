import type { ParamFields, ParamValues, Shape } from '../../layers/define';
import { named, shape, type Field } from './text';

/** A layer that is printed: values stand under the names of nnabla's variables, maps with the channels first. */
export type NncLayer<Params = ParamValues<ParamFields>> = {
  readonly id: string;
  readonly name: string;
  /** What its parameters are named by: itself, or the layer whose weights it uses. */
  readonly owner: string;
  readonly params: Params;
  readonly inputs: readonly { readonly variable: string; readonly shape: Shape }[];
  readonly output: Shape;
  readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Whether what reads it asks where its values lie; a kernel takes them in any order. */
  readonly isReadInOrder: boolean;
};

/** Writes a layer as functions and gives the variable of its values. A method, so that the table forgets the params' types. */
export type NncPrinter<Params> = { print(layer: NncLayer<Params>, graph: NncGraph): string };

/** There is no function for a layer. */
export class NotSaid extends Error {}

/** Sizes of a map or a list as nnabla has them, for a batch of any size. */
export function sizesOf(sizes: Shape): readonly number[] {
  const [height, width, channels] = sizes;
  const known = (size: number | null | undefined): number => size ?? -1;
  return sizes.length === 3 ? [-1, known(channels), known(height), known(width)] : [-1, ...sizes.map(known)];
}

/** Collects the variables and functions of a network. */
export class NncGraph {
  readonly variables: Field[] = [];
  readonly functions: Field[] = [];
  readonly #parameters = new Map<string, string>();

  /** A variable that holds values for a while. */
  buffer(name: string, sizes: readonly number[]): string {
    this.variables.push(['variable', [['name', named(name)], ['type', named('Buffer')], shape('shape', sizes)]]);
    return name;
  }

  /** A variable that training changes. */
  parameter(name: string, sizes: readonly number[], initializer: readonly [type: string, multiplier: number]): string {
    const known = this.#parameters.get(name);
    // Layers that share it read one variable; it cannot be of two shapes, as a list behind maps may ask for.
    if (known !== undefined && known !== sizes.join()) throw new NotSaid();
    if (known !== undefined) return name;
    this.#parameters.set(name, sizes.join());
    const [type, multiplier] = initializer;
    this.variables.push([
      'variable',
      [
        ['name', named(name)],
        ['type', named('Parameter')],
        shape('shape', sizes),
        [
          'initializer',
          [
            ['type', named(type)],
            ['multiplier', multiplier],
          ],
        ],
      ],
    ]);
    return name;
  }

  /** A function and the variable of its name that it fills. */
  call(
    name: string,
    type: string,
    inputs: readonly string[],
    output: readonly number[],
    param?: readonly [string, readonly Field[]],
  ): string {
    this.functions.push([
      'function',
      [
        ['name', named(name)],
        ['type', named(type)],
        ...inputs.map((input): Field => ['input', named(input)]),
        ['output', named(name)],
        ...(param === undefined ? [] : [[`${param[0]}_param`, param[1]] as Field]),
      ],
    ]);
    return this.buffer(name, output);
  }
}
