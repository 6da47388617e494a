import { elementCount } from '../../../shared/ops/tensor';
import type { Layout } from './layout';
import { portName, type OnnxGraph } from './onnxGraph';
import type { Place, Storage } from './storage';

/** Buffers and the caller's inputs and outputs live in separate name spaces: `x` may be both. */
export const bufferInput = (name: string): string => portName('variable', name);
export const bufferOutput = (name: string): string => portName('next', name);

/** The variables inside one function: each buffer becomes an input of the model when it is first asked for. */
export class StoredVariables {
  readonly storage: Storage;
  readonly #graph: OnnxGraph;
  readonly #reads = new Set<string>();
  readonly #cut = new Map<string, readonly string[]>();

  constructor(graph: OnnxGraph, storage: Storage) {
    this.#graph = graph;
    this.storage = storage;
  }

  /** Names of the buffers that the function reads. */
  get reads(): readonly string[] {
    return [...this.#reads];
  }

  #place(variable: string): Place {
    const place = this.storage.places.get(variable);
    if (place === undefined) throw new Error(`ONNX: the program has no variable "${variable}".`);
    return place;
  }

  layout(variable: string): Layout {
    return this.#place(variable).layout;
  }

  /** A whole buffer, flat, as it was before the run. */
  buffer(name: string): string {
    const spec = this.storage.buffers.get(name);
    if (spec === undefined) throw new Error(`ONNX: there is no buffer "${name}".`);
    if (!this.#reads.has(name)) this.#graph.input(bufferInput(name), spec.dtype, [spec.size]);
    this.#reads.add(name);
    return bufferInput(name);
  }

  /** A variable, as it was before the run, in the layout in which it is kept. */
  variable(name: string): string {
    const { buffer, shape, scale } = this.#place(name);
    const members = this.storage.buffers.get(buffer)?.members ?? [];
    const part = members.length < 2 ? this.buffer(buffer) : this.#parts(buffer, members)[members.indexOf(name)];
    return this.#graph.reshape(this.#times(part ?? '', 1 / scale), shape);
  }

  /** A variable's next value, flat, as its buffer holds it. */
  kept(name: string, value: string): string {
    return this.#times(this.#graph.reshape(value, [-1]), this.#place(name).scale);
  }

  #times(value: string, factor: number): string {
    return factor === 1 ? value : this.#graph.node('Mul', [value, this.#graph.scalar(factor)]);
  }

  /** The members of a pack, cut apart once. */
  #parts(buffer: string, members: readonly string[]): readonly string[] {
    const known = this.#cut.get(buffer);
    if (known !== undefined) return known;
    const sizes = members.map((member) => elementCount(this.#place(member).shape));
    const parts = this.#graph.split(this.buffer(buffer), sizes, 0);
    this.#cut.set(buffer, parts);
    return parts;
  }
}
