import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { folderNotEmpty } from '../../shared/diagnostics/catalog/file';
import { requestCancelled } from '../../shared/diagnostics/catalog/host';
import { modelDamaged, modelTooNew, notAModel } from '../../shared/diagnostics/catalog/model';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { parseNetwork } from '../../shared/document/parse';
import { serializeNetwork } from '../../shared/document/serialize';
import type { CancelSignal } from '../../shared/host/api';
import { recognizeFile } from '../../shared/imports/formats';
import type { KnownFile } from '../../shared/imports/formats';
import type { FloatTensors } from '../../shared/ops/tensor';
import type { NetworkDocument } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';
import { errorWords } from '../../shared/text';
import { writeFileAtomically } from './atomicFile';
import { damageOf, inFile, lacks } from './damage';
import { errorCode, fileDiagnostic } from './fileErrors';
import { readFileStart } from './fileStart';
import { FileRefusal, readRegularText } from './regularFile';
import { readRecord, runFiles } from './runRecord';
import { safetensorsPieces } from './safetensors';
import { trainedDataSchema } from './trainedData';
import type { TrainedData } from './trainedData';
import { loadWeights, parseWeights } from './weights';
import { contentOf, readStoredZip, storedZip, type FileContent } from './zip';

/** A network with what it has learned. A run makes one, and so do imports and transforms. */
export type Model = {
  readonly document: NetworkDocument;
  /** By `nodeId/weight`, as in `c1/kernel`. */
  readonly weights: FloatTensors;
  readonly facts: ModelFacts;
};

/** Where a model comes from, and what it knows of its data; null where it has seen none. */
export type ModelFacts = {
  readonly data: TrainedData | null;
  /** Free words: `run 20261123-060530-1f3a9c`, `import of x.onnx`. */
  readonly source: string;
};

/** A model's folder or zip holds these; a run's folder has `run.json` in the place of `model.json`. */
export const modelFiles = {
  network: runFiles.network,
  weights: runFiles.safetensors,
  facts: 'model.json',
} as const;

/** The end of a model's file name: one zip, its entries stored as they are. */
export const modelExtension = '.convloom-model';

const modelVersion = 1;

const factsSchema = z.object({
  format: z.literal('convloom.model'),
  version: z.number(),
  data: trainedDataSchema.nullable(),
  source: z.string().max(10_000),
});

function factsText({ data, source }: ModelFacts): string {
  return `${JSON.stringify({ format: 'convloom.model', version: modelVersion, data, source }, null, 2)}\n`;
}

function parseFacts(source: string, path: string): Result<ModelFacts> {
  try {
    const raw: unknown = JSON.parse(source);
    const parsed = factsSchema.safeParse(raw);
    if (!parsed.success) {
      return failure(modelDamaged(path, damageOf(modelFiles.facts, parsed.error, raw)));
    }
    const { version, data, source: from } = parsed.data;
    if (version > modelVersion) return failure(modelTooNew(path, version));
    return success({ data, source: from });
  } catch (error) {
    return failure(modelDamaged(path, inFile(modelFiles.facts, errorWords(error))));
  }
}

/** The facts of a model's folder, or of a run's, and then the run's id. */
async function readFolderFacts(
  dir: string,
): Promise<Result<{ readonly facts: ModelFacts; readonly runId: string | null }>> {
  try {
    const facts = parseFacts(await readRegularText(join(dir, modelFiles.facts), limits.recordBytes), dir);
    return facts.ok ? success({ facts: facts.value, runId: null }) : facts;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return failure(fileDiagnostic(error, join(dir, modelFiles.facts), 'open'));
  }
  const record = await readRecord(dir);
  if (!record.ok) return record;
  const { id, data } = record.value;
  return success({ facts: { data, source: `run ${id}` }, runId: id });
}

/** A path that names the weights of a run's best epoch, `RUN/best.safetensors`, stands for the run with these. */
export function isBestOfRun(path: string): boolean {
  return basename(path) === runFiles.best;
}

/** The folder of a run, also where its best weights are named. */
export function folderOf(path: string): string {
  return isBestOfRun(path) ? dirname(path) : path;
}

async function readFolder(dir: string, weightsFile: string | null = null): Promise<Result<Model>> {
  let network: string;
  try {
    network = await readRegularText(join(dir, modelFiles.network), limits.documentBytes);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return failure(modelDamaged(dir, lacks(modelFiles.network)));
    return failure(fileDiagnostic(error, join(dir, modelFiles.network), 'open'));
  }
  const document = parseNetwork(network);
  if (!document.ok) return document;
  const found = await readFolderFacts(dir);
  if (!found.ok) return found;
  const { facts, runId } = found.value;
  const weights = await loadWeights(dir, runId, weightsFile ?? undefined);
  if (!weights.ok) return weights;
  return success({ document: document.value, weights: weights.value, facts });
}

async function readZip(path: string): Promise<Result<Model>> {
  const entries = await readStoredZip(path, Object.values(modelFiles));
  if (!entries.ok) return entries;
  const [network, weights, facts] = [modelFiles.network, modelFiles.weights, modelFiles.facts].map((name) =>
    entries.value.get(name),
  );
  if (network === undefined || weights === undefined || facts === undefined) {
    const missing = Object.values(modelFiles).filter((name) => !entries.value.has(name));
    return failure(modelDamaged(path, lacks(missing.join(', '))));
  }
  const document = parseNetwork(network.toString('utf8'));
  if (!document.ok) return document;
  const parsedFacts = parseFacts(facts.toString('utf8'), path);
  if (!parsedFacts.ok) return parsedFacts;
  try {
    return success({ document: document.value, weights: parseWeights(weights), facts: parsedFacts.value });
  } catch (error) {
    return failure(modelDamaged(path, inFile(modelFiles.weights, errorWords(error))));
  }
}

/** What a file is that was named as a model, in the words of {@link notAModel}. */
function whatInstead(known: KnownFile): Parameters<typeof notAModel>[1] {
  if (known.format === null) return { is: known.what };
  if (known.format === 'document') return 'network';
  return ['safetensors', 'torch', 'caffemodel'].includes(known.format) ? 'weights' : 'another';
}

/** Reads a model: its folder, a run's folder, `RUN/best.safetensors`, or a `*.convloom-model` file. */
export async function readModel(path: string): Promise<Result<Model>> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return await readFolder(path);
    if (!found.isFile()) throw new FileRefusal('ENOTREGULAR', path);
    if (isBestOfRun(path)) return await readFolder(dirname(path), runFiles.best);
    if (path.endsWith(modelExtension)) return await readZip(path);
    const known = recognizeFile(await readFileStart(path, found.size));
    return known.format === 'model' ? await readZip(path) : failure(notAModel(path, whatInstead(known)));
  } catch (error) {
    return failure(fileDiagnostic(error, path, 'open'));
  }
}

/** `isScratch`: nobody needs it after a power cut. `signal`: what is half written then is removed. */
type WriteOptions = { readonly isScratch?: boolean; readonly signal?: CancelSignal | undefined };

/** Writes a new or empty folder as one step: it is made under another name beside, and renamed when it is whole. */
async function writeFolder(
  dir: string,
  files: ReadonlyMap<string, FileContent>,
  { isScratch, signal }: WriteOptions,
): Promise<Result<unknown>> {
  const present = await readdir(dir).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (present !== null && present.length > 0) return failure(folderNotEmpty(dir));
  const temporary = join(dirname(dir), `.${basename(dir)}.${randomBytes(6).toString('hex')}.tmp`);
  await mkdir(temporary, { recursive: true });
  try {
    for (const [name, bytes] of files)
      await writeFile(join(temporary, name), contentOf(bytes, signal), { flush: isScratch !== true });
    if (present !== null) await rmdir(dir);
    await rename(temporary, dir);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  return success({});
}

/**
 * Writes a model whole or not at all: a path that ends in `.convloom-model` is one zip and replaces what is there, any other a
 * folder, which must be new or empty.
 */
export async function writeModel(
  path: string,
  model: Model,
  options: WriteOptions = {},
): Promise<Result<{ readonly path: string }>> {
  const files = new Map<string, FileContent>([
    [modelFiles.network, serializeNetwork(model.document)],
    [modelFiles.facts, factsText(model.facts)],
    // Piece by piece: weights that are still in the file that they come from need not be in memory together.
    [modelFiles.weights, safetensorsPieces(model.weights)],
  ]);
  try {
    if (path.endsWith(modelExtension)) {
      await writeFileAtomically(path, storedZip(files, options.signal));
      return success({ path });
    }
    const written = await writeFolder(path, files, options);
    return written.ok ? success({ path }) : written;
  } catch (error) {
    if (options.signal?.aborted === true) return failure(requestCancelled('model'));
    return failure(fileDiagnostic(error, path, 'save'));
  }
}
