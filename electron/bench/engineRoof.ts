import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import { createOpBuilder } from '../../shared/ops/createOpBuilder';
import type { Program } from '../../shared/ops/graph';
import { inPrecision } from '../../shared/ops/precision';
import { createRandom } from '../../shared/ops/random';
import type { TensorMap } from '../../shared/ops/tensor';
import type { EngineId } from '../../shared/schema/training';
import { chooseEngine } from '../engines';
import type { Engine } from '../engines/engine';
import { copyBytes } from './protocol';
import type { RoofSamples } from './protocol';
import type { RoofRow } from './report';

type Precision = RoofRow['products'][number]['precision'];

/** The least side of a matrix, and the most. */
const [leastSize, mostSize] = [512, 8192];
/** A larger matrix that gains less than this is no better. */
const gain = 1.02;
const leastSamples = 3;
/** A product that takes longer is not tried. */
const longestSeconds = 1;

/** Seconds of as many calls as fit a turn, after one that is not counted; three at least. */
async function secondsOf(work: () => Promise<unknown>, turnMs: number): Promise<readonly number[]> {
  await work();
  const seconds: number[] = [];
  const begin = performance.now();
  while (seconds.length < leastSamples || performance.now() - begin < turnMs) {
    const start = performance.now();
    await work();
    seconds.push((performance.now() - start) / 1000);
  }
  return seconds;
}

/**
 * What an engine reaches where nothing holds it up: products of ever larger square matrices, n^3 multiply-adds each, until they gain
 * nothing by it, and a relu over memory that no cache holds, which reads and writes all of it once.
 */
export async function measureEngineRoof(id: EngineId, turnMs: number): Promise<RoofSamples> {
  const choice = await chooseEngine(id);
  if (!choice.ok) throw new Error(choice.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
  const { engine } = choice.value;
  const products: RoofSamples['products'][number][] = [];
  for (const precision of ['float32', ...engine.reducedTypes] as const) {
    products.push(...(await productsOf(engine, precision, turnMs)));
  }
  const count = copyBytes / Float32Array.BYTES_PER_ELEMENT;
  const copies = await timed(engine, copyProgram(count), { x: [count] }, turnMs);
  return {
    products,
    copies: [{ bytes: copyBytes, gigabytesPerSecond: copies.map((seconds) => (2 * copyBytes) / seconds / 1e9) }],
  };
}

async function productsOf(engine: Engine, precision: Precision, turnMs: number): Promise<RoofSamples['products']> {
  const tried: RoofSamples['products'][number][] = [];
  let best = 0;
  for (let size = leastSize; size <= mostSize; size *= 2) {
    const shape = [size, size];
    const seconds = await timed(engine, productProgram(size, precision), { a: shape, b: shape }, turnMs);
    const gflops = seconds.map((value) => (2 * size ** 3) / value / 1e9);
    tried.push({ precision, size, gflops });
    const most = Math.max(...gflops);
    // The next one has eight times the work.
    if (most < gain * best || 8 * Math.min(...seconds) > longestSeconds) break;
    best = most;
  }
  return tried;
}

async function timed(
  engine: Engine,
  program: Program,
  shapes: { readonly [name: string]: readonly number[] },
  turnMs: number,
): Promise<readonly number[]> {
  const session = await engine.compile(program);
  if (!session.ok) throw new Error(session.diagnostics.map((diagnostic) => diagnosticMessage(diagnostic)).join(' '));
  try {
    const random = createRandom(1);
    const variables: TensorMap = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
        // Zeros would do for the time, but pages of zeros are one page of memory until they are written.
        data.fill(random.uniform());
        return [name, { dtype: 'float32', shape, data }];
      }),
    );
    await session.value.write(variables);
    return await secondsOf(() => session.value.run('roof', {}), turnMs);
  } finally {
    await session.value.dispose();
  }
}

/** a b for two square matrices; one value of the result comes back. */
function productProgram(size: number, precision: Precision): Program {
  const ops = createOpBuilder();
  const shape = [size, size];
  const product = ops.matMul(ops.variable('a', shape), ops.variable('b', shape));
  const roof = ops.finish({ corner: ops.slice(product, [0, 0], [1, 1]) });
  return {
    variables: [
      { name: 'a', shape, dtype: 'float32' },
      { name: 'b', shape, dtype: 'float32' },
    ],
    functions: { roof: inPrecision(roof, precision) },
  };
}

/** Every value read once and written once; one of them comes back. */
function copyProgram(count: number): Program {
  const ops = createOpBuilder();
  const copied = ops.unary('relu', ops.variable('x', [count]));
  return {
    variables: [{ name: 'x', shape: [count], dtype: 'float32' }],
    functions: { roof: ops.finish({ first: ops.slice(copied, [0], [1]) }) },
  };
}
