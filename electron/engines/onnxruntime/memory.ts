import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DType } from '../../../shared/ops/graph';
import type { HostTensor } from '../engine';
import type { OnnxRuntimeLibrary } from './library';
import { OnnxGraph } from './onnxGraph';
import { webgpuProvider } from './library';
import type { Storage } from './storage';

/** Where the buffers of a session's variables live between runs. A buffer is there once any part of it was written. */
export type Memory = {
  write(buffer: string, offset: number, data: HostTensor['data']): Promise<void>;
  /** A whole buffer; what is read must not be changed. */
  read(buffer: string): Promise<HostTensor['data']>;
  /** What a run is fed. */
  current(buffer: string): Promise<Tensor>;
  /** What a run writes the buffer's next value into; null where the run makes room itself. */
  target(buffer: string): Tensor | null;
  /** Takes over what a run has written. */
  advance(buffer: string, written: Tensor): void;
  dispose(): Promise<void>;
};

export function hostTensor(library: OnnxRuntimeLibrary, data: HostTensor['data'], shape: readonly number[]): Tensor {
  if (data instanceof Float32Array) return new library.Tensor('float32', data, shape);
  if (data instanceof Int32Array) return new library.Tensor('int32', data, shape);
  return new library.Tensor('uint8', data, shape);
}

/** A tensor's data in this process's memory; it is shared, not copied. */
export function hostData({ data }: Tensor): HostTensor['data'] {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array) return data;
  throw new Error('ONNX Runtime gave a tensor of a type that op graphs do not have.');
}

function emptyData(dtype: DType, length: number): HostTensor['data'] {
  if (dtype === 'float32') return new Float32Array(length);
  return dtype === 'int32' ? new Int32Array(length) : new Uint8Array(length);
}

/**
 * Buffers in plain memory that ONNX Runtime reads and writes directly: a run is fed the current one and told to write into a spare
 * one, then they change places. Nothing is copied, and a failed run changes nothing.
 */
export class HostMemory implements Memory {
  readonly #library: OnnxRuntimeLibrary;
  readonly #storage: Storage;
  readonly #slots = new Map<string, { current: Tensor; spare: Tensor | null }>();

  constructor(library: OnnxRuntimeLibrary, storage: Storage) {
    this.#library = library;
    this.#storage = storage;
  }

  #slot(buffer: string): { current: Tensor; spare: Tensor | null } {
    const known = this.#slots.get(buffer);
    if (known !== undefined) return known;
    const slot = { current: this.#empty(buffer), spare: null };
    this.#slots.set(buffer, slot);
    return slot;
  }

  #empty(buffer: string): Tensor {
    const { dtype = 'float32', size = 0 } = this.#storage.buffers.get(buffer) ?? {};
    return hostTensor(this.#library, emptyData(dtype, size), [size]);
  }

  write(buffer: string, offset: number, data: HostTensor['data']): Promise<void> {
    hostData(this.#slot(buffer).current).set(data, offset);
    return Promise.resolve();
  }

  read(buffer: string): Promise<HostTensor['data']> {
    return Promise.resolve(hostData(this.#slot(buffer).current));
  }

  current(buffer: string): Promise<Tensor> {
    return Promise.resolve(this.#slot(buffer).current);
  }

  target(buffer: string): Tensor {
    const slot = this.#slot(buffer);
    slot.spare ??= this.#empty(buffer);
    return slot.spare;
  }

  advance(buffer: string): void {
    const slot = this.#slot(buffer);
    [slot.current, slot.spare] = [this.target(buffer), slot.current];
  }

  dispose(): Promise<void> {
    this.#slots.clear();
    return Promise.resolve();
  }
}

/** A buffer on the graphics card, in plain memory, or as equals in both. */
type Copies = { host: HostTensor['data'] | null; device: Tensor | null };

/**
 * Buffers on the graphics card: a step's updates never leave it. What is written here goes there before the next run, and comes
 * back when it is asked for. onnxruntime-node 1.30 can neither make a tensor there nor fetch one (its `getData` ends the process),
 * so that a graph of one Identity carries them either way.
 */
export class DeviceMemory implements Memory {
  readonly #library: OnnxRuntimeLibrary;
  readonly #storage: Storage;
  readonly #copies = new Map<string, Copies>();
  readonly #carriers = new Map<'up' | 'down', Promise<InferenceSession>>();

  constructor(library: OnnxRuntimeLibrary, storage: Storage) {
    this.#library = library;
    this.#storage = storage;
  }

  #of(buffer: string): Copies {
    const known = this.#copies.get(buffer);
    if (known !== undefined) return known;
    const { dtype = 'float32', size = 0 } = this.#storage.buffers.get(buffer) ?? {};
    const copies = { host: emptyData(dtype, size), device: null };
    this.#copies.set(buffer, copies);
    return copies;
  }

  async #carry(direction: 'up' | 'down', tensor: Tensor): Promise<Tensor> {
    let carrier = this.#carriers.get(direction);
    if (carrier === undefined) {
      const graph = new OnnxGraph();
      graph.output('to', graph.input('from', 'float32', ['batch']), 'float32');
      carrier = this.#library.InferenceSession.create(graph.encode(), {
        executionProviders: [webgpuProvider],
        preferredOutputLocation: direction === 'up' ? 'gpu-buffer' : 'cpu',
        logSeverityLevel: 3,
      });
      this.#carriers.set(direction, carrier);
    }
    const { to } = await (await carrier).run({ from: tensor });
    if (to === undefined) throw new Error('ONNX Runtime lost a tensor on its way.');
    return to;
  }

  async write(buffer: string, offset: number, data: HostTensor['data']): Promise<void> {
    const copies = this.#of(buffer);
    (await this.read(buffer)).set(data, offset);
    copies.device?.dispose();
    copies.device = null;
  }

  async read(buffer: string): Promise<HostTensor['data']> {
    const copies = this.#of(buffer);
    if (copies.host === null) {
      if (copies.device === null) throw new Error(`The buffer "${buffer}" is nowhere.`);
      copies.host = hostData(await this.#carry('down', copies.device));
    }
    return copies.host;
  }

  async current(buffer: string): Promise<Tensor> {
    const copies = this.#of(buffer);
    if (copies.device === null) {
      const host = await this.read(buffer);
      const tensor = hostTensor(this.#library, host, [host.length]);
      // Only floating-point state is worth a place there, and carried by the one carrier.
      if (tensor.type !== 'float32') return tensor;
      copies.device = await this.#carry('up', tensor);
    }
    return copies.device;
  }

  target(): null {
    return null;
  }

  advance(buffer: string, written: Tensor): void {
    const copies = this.#of(buffer);
    copies.device?.dispose();
    const isHere = written.location === 'cpu';
    copies.host = isHere ? hostData(written) : null;
    copies.device = isHere ? null : written;
  }

  async dispose(): Promise<void> {
    for (const { device } of this.#copies.values()) device?.dispose();
    this.#copies.clear();
    for (const carrier of this.#carriers.values()) await (await carrier).release();
    this.#carriers.clear();
  }
}
