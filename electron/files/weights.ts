import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runDamaged, runHasNoWeights } from '../../shared/diagnostics/catalog/run';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { FloatTensor, FloatTensors, TensorMap } from '../../shared/ops/tensor';
import { elementCount } from '../../shared/ops/tensor';
import { errorText } from '../../shared/text';
import { writeFileAtomically } from './atomicFile';
import { errorCode } from './fileErrors';
import { runFiles } from './runRecord';

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

/**
 * Writes weights into a run's folder, each file as one step. Within a run the index is the same at every save, so the two
 * files agree whenever one looks. Throws the file system's error.
 */
export async function saveWeights(dir: string, names: readonly string[], weights: TensorMap): Promise<void> {
  const index: WeightEntry[] = [];
  const parts: Buffer[] = [];
  let offset = 0;
  for (const name of names) {
    const tensor = weights[name];
    if (tensor?.dtype !== 'float32') throw new Error(`The engine gave no float32 weight ${name}.`);
    index.push({ name, shape: tensor.shape, dtype: 'float32', offset });
    parts.push(Buffer.from(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength));
    offset += tensor.data.byteLength;
  }
  await mkdir(dir, { recursive: true });
  await writeFileAtomically(join(dir, runFiles.weights), toLittleEndian(Buffer.concat(parts)));
  await writeFileAtomically(join(dir, runFiles.weightIndex), `${JSON.stringify(index, null, 2)}\n`);
}

/** Reads a run's weights by name. */
export async function loadWeights(dir: string, runId: string): Promise<Result<FloatTensors>> {
  try {
    const index = JSON.parse(await readFile(join(dir, runFiles.weightIndex), 'utf8')) as readonly WeightEntry[];
    const bytes = toLittleEndian(await readFile(join(dir, runFiles.weights)));
    const entries = index.map(({ name, shape, offset }): [string, FloatTensor] => {
      const count = elementCount(shape);
      const data = new Float32Array(count);
      if (offset + count * 4 > bytes.length) throw new Error(`${runFiles.weights} is cut off at ${name}.`);
      Buffer.from(data.buffer).set(bytes.subarray(offset, offset + count * 4));
      return [name, { dtype: 'float32', shape, data }];
    });
    return success(Object.fromEntries(entries));
  } catch (error) {
    return failure(errorCode(error) === 'ENOENT' ? runHasNoWeights(runId) : runDamaged(dir, errorText(error)));
  }
}
