import { ask } from './process';
import type { BenchProcess } from './process';
import { copyBytes } from './protocol';
import type { RoofSamples } from './protocol';
import { participantOf } from './report';
import type { CandidateId, Roof, RoofRow } from './report';
import { spreadOf } from './statistics';

/** Whose libraries are asked; WebAssembly is left out, as it is nobody's roof. */
const asked = ['tensorflow', 'onnxruntime', 'pytorch', 'keras'] as const satisfies readonly CandidateId[];

/** The library by itself, without what a row of the report says of its use. */
const libraries: { readonly [Id in (typeof asked)[number]]: string } = {
  tensorflow: 'TensorFlow, by the TensorFlow engine',
  onnxruntime: 'ONNX Runtime',
  pytorch: 'PyTorch',
  keras: 'TensorFlow, in Python',
};

const timeoutMs = 180_000;

export type RoofOptions = {
  /** Starts a candidate's process; null where there is nobody to start. */
  readonly start: (candidate: CandidateId) => BenchProcess | null;
  readonly threads: number;
  /** How long each library multiplies at each size, and copies. */
  readonly turnMs: number;
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
};

/**
 * The most that this machine does: the product of two square matrices and a copy of memory, each by the libraries that the candidates
 * stand on, at the size at which they are fastest (the roofs of Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009). What
 * cannot tell is left out: whoever is missing is named among the candidates.
 */
export async function measureRoof(options: RoofOptions): Promise<Roof> {
  const rows: RoofRow[] = [];
  for (const candidate of asked) {
    if (options.signal?.aborted === true) break;
    const samples = await ofLibrary(candidate, options);
    if (samples !== null) rows.push(rowOf(libraries[candidate], samples));
  }
  if (options.signal?.aborted !== true) rows.push(rowOf('Node, one thread', copyByNode(options.turnMs)));
  return summarizeRoof(rows);
}

async function ofLibrary(
  candidate: (typeof asked)[number],
  { start, threads, turnMs, signal, progress }: RoofOptions,
): Promise<RoofSamples | null> {
  const process = start(candidate);
  if (process === null) return null;
  progress?.(`the roof of this machine: ${libraries[candidate]}`);
  const end = (): void => process.kill();
  signal?.addEventListener('abort', end, { once: true });
  const reply = await ask(process, { type: 'roof', candidate, threads, turnMs }, timeoutMs);
  signal?.removeEventListener('abort', end);
  end();
  return reply.type === 'roof' ? reply : null;
}

/** The copy that needs no library; it has one thread. */
function copyByNode(turnMs: number): RoofSamples {
  const from = new Uint8Array(copyBytes).fill(1);
  const to = new Uint8Array(copyBytes).fill(2);
  const gigabytesPerSecond: number[] = [];
  const end = performance.now() + turnMs;
  while (gigabytesPerSecond.length < 3 || performance.now() < end) {
    const begin = performance.now();
    to.set(from);
    gigabytesPerSecond.push((2 * copyBytes) / (performance.now() - begin) / 1e6);
  }
  return { products: [], copies: [{ bytes: copyBytes, gigabytesPerSecond }] };
}

/** A library's best size of each kind. */
function rowOf(by: string, { products, copies }: RoofSamples): RoofRow {
  const spreads = products.flatMap(({ precision, size, gflops }) => {
    const spread = spreadOf(gflops);
    return spread === null ? [] : [{ precision, size, gflops: spread }];
  });
  const best = (['float32', 'bfloat16'] as const).flatMap(
    (precision) =>
      spreads
        .filter((product) => product.precision === precision)
        .toSorted((a, b) => b.gflops.most - a.gflops.most)[0] ?? [],
  );
  const copy = copies
    .flatMap(({ bytes, gigabytesPerSecond }) => {
      const spread = spreadOf(gigabytesPerSecond);
      return spread === null ? [] : [{ bytes, gigabytesPerSecond: spread }];
    })
    .toSorted((a, b) => b.gigabytesPerSecond.most - a.gigabytesPerSecond.most)[0];
  return { by, products: best, copy: copy ?? null };
}

/** The most of all libraries, whoever it is. */
export function summarizeRoof(rows: readonly RoofRow[]): Roof {
  const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));
  const gflopsIn = (precision: RoofRow['products'][number]['precision']): number | null =>
    most(
      rows.flatMap(({ products }) =>
        products.flatMap((product) => (product.precision === precision ? [product.gflops.most] : [])),
      ),
    );
  return {
    rows: [...rows],
    float32Gflops: gflopsIn('float32'),
    bfloat16Gflops: gflopsIn('bfloat16'),
    copyGigabytesPerSecond: most(rows.flatMap(({ copy }) => (copy === null ? [] : [copy.gigabytesPerSecond.most]))),
  };
}

/**
 * The roof for a candidate's products; bfloat16 that is slower than float32 is no roof, as the candidate could have done without. Null
 * where nobody could tell.
 */
export function roofOf(roof: Roof, candidate: CandidateId): number | null {
  const { float32Gflops, bfloat16Gflops } = roof;
  if (participantOf(candidate).precision === 'float32') return float32Gflops;
  return bfloat16Gflops === null ? float32Gflops : Math.max(bfloat16Gflops, float32Gflops ?? 0);
}
