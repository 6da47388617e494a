import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { modelDamaged, modelHasNoWeights } from '../../shared/diagnostics/catalog/model';
import { runDamaged, runHasNoWeights } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FloatTensor, FloatTensors, TensorMap } from '../../shared/ops/tensor';
import { elementCount } from '../../shared/ops/tensor';
import { errorWords } from '../../shared/text';
import { writeFileAtomically } from './atomicFile';
import { errorCode } from './fileErrors';
import { readRegularFile } from './regularFile';
import { runFiles } from './runRecord';
import { decodeSafetensors, encodeSafetensors, readSafetensors, type Safetensors } from './safetensors';

/** One entry of `weights.json`. `offset` is in bytes into `weights.bin`, which is little-endian float32 without gaps. */
type WeightEntry = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
  readonly offset: number;
};

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function toLittleEndian(bytes: Buffer): Buffer {
  return isLittleEndian ? bytes : bytes.swap32();
}

/** Whether every weight is a number. */
export function areFinite(weights: TensorMap): boolean {
  return Object.values(weights).every(({ data }) => data.every((value) => Number.isFinite(value)));
}

/** The named weights in their order; a missing one is a programmer's mistake. */
export function floatWeights(names: readonly string[], weights: TensorMap): FloatTensors {
  return Object.fromEntries(
    names.map((name): [string, FloatTensor] => {
      const tensor = weights[name];
      if (tensor?.dtype !== 'float32') throw new Error(`The engine gave no float32 weight ${name}.`);
      return [name, tensor];
    }),
  );
}

/** Writes `weights.safetensors` into a folder as one step. Throws the file system's error. */
export async function saveWeights(dir: string, names: readonly string[], weights: TensorMap): Promise<void> {
  await writeFileAtomically(join(dir, runFiles.safetensors), encodeSafetensors(floatWeights(names, weights)));
}

/**
 * Weights as the exported TypeScript project reads them, by file name: `weights.json` with names, shapes and offsets, `weights.bin`
 * with the values.
 */
export function encodeWeightPair(weights: FloatTensors): readonly (readonly [string, Buffer | string])[] {
  const index: WeightEntry[] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(weights)) {
    index.push({ name, shape, dtype: 'float32', offset });
    parts.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  return [
    [runFiles.weights, toLittleEndian(Buffer.concat(parts))],
    [runFiles.weightIndex, `${JSON.stringify(index, null, 2)}\n`],
  ];
}

/** Writes {@link encodeWeightPair} into a folder. Throws the file system's error. */
export async function saveWeightPair(dir: string, weights: FloatTensors): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, bytes] of encodeWeightPair(weights)) await writeFileAtomically(join(dir, name), bytes);
}

/** Weights from the bytes of a safetensors file. Throws an error that says what is wrong with them. */
export function parseWeights(bytes: Buffer): FloatTensors {
  return onlyFloats(decodeSafetensors(bytes));
}

function onlyFloats({ tensors }: Safetensors): FloatTensors {
  const entries = Object.entries(tensors).map(([name, tensor]): [string, FloatTensor] => {
    if (tensor.dtype !== 'float32') throw new Error(`${JSON.stringify(name)} is ${tensor.dtype}, not float32.`);
    return [name, tensor];
  });
  return Object.fromEntries(entries);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function readFileIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readRegularFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isWeightEntry(value: unknown): value is WeightEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { name, shape, offset } = value as Partial<Record<keyof WeightEntry, unknown>>;
  const isCount = (size: unknown): boolean => typeof size === 'number' && Number.isSafeInteger(size) && size >= 0;
  return typeof name === 'string' && Array.isArray(shape) && shape.every(isCount) && isCount(offset);
}

/** Weights of a run of an earlier version: `weights.json` and `weights.bin`. */
function parseWeightPair(indexText: string, values: Buffer): FloatTensors {
  const index: unknown = JSON.parse(indexText);
  if (!Array.isArray(index) || !index.every(isWeightEntry))
    throw new Error(`${runFiles.weightIndex} is no list of weights.`);
  const bytes = toLittleEndian(values);
  return Object.fromEntries(
    index.map(({ name, shape, offset }): [string, FloatTensor] => {
      const byteLength = elementCount(shape) * 4;
      if (offset + byteLength > bytes.length) throw new Error(`${runFiles.weights} is cut off at ${name}.`);
      const data = new Float32Array(byteLength / 4);
      Buffer.from(data.buffer).set(bytes.subarray(offset, offset + byteLength));
      return [name, { dtype: 'float32', shape, data }];
    }),
  );
}

async function readWeights(dir: string, name: string): Promise<FloatTensors | null> {
  const path = join(dir, name);
  if (await isThere(path)) return onlyFloats(readSafetensors(path));
  const index = await readFileIfThere(join(dir, runFiles.weightIndex));
  const values = await readFileIfThere(join(dir, runFiles.weights));
  return index === null || values === null ? null : parseWeightPair(index.toString('utf8'), values);
}

/** Reads the weights of a folder by name, of earlier versions too. `runId` names the run whose folder it is; null: a model's. */
export async function loadWeights(
  dir: string,
  runId: string | null,
  name: string = runFiles.safetensors,
): Promise<Result<FloatTensors>> {
  try {
    const weights = await readWeights(dir, name);
    if (weights !== null) return success(weights);
    return failure(runId === null ? modelHasNoWeights(dir) : runHasNoWeights(runId));
  } catch (error) {
    return failure(runId === null ? modelDamaged(dir, errorWords(error)) : runDamaged(dir, errorWords(error)));
  }
}
