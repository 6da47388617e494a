import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkAnalysis } from '../../../shared/analysis/types';
import { success, type Result } from '../../../shared/diagnostics/diagnostic';
import { checkFile, classesFile, weightsFile } from '../../../shared/exports/python/files';
import type { PythonProject } from '../../../shared/exports/python/project';
import { convertWeights, type PlacedWeight } from '../../../shared/exports/python/weightTable';
import { digitsFile, trainFile, trainsOnDigits } from '../../../shared/exports/python/training/settings';
import { printLearned } from '../../../shared/exports/typescript';
import type { FloatTensors, TensorMap } from '../../../shared/ops/tensor';
import { text } from '../../../shared/text';
import type { NetworkDocument } from '../../../shared/schema/document';
import { findBuilt } from '../../files/built';
import { writeNewFolder } from '../../files/newFolder';
import { encodeSafetensors } from '../../files/safetensors';
import { skipped, type ProofOutcome, type Sample } from '../proof';
import { findPython, proofMs, runPython } from './python';
import type { Order, Printed, Target } from './targets';

/** A framework that projects are written for in Python. */
type Framework = {
  readonly label: string;
  /** What its check imports. */
  readonly modules: readonly string[];
  readonly print: (document: NetworkDocument, analysis: NetworkAnalysis) => Result<PythonProject>;
};

/** The sample as `check.py` reads it: inputs and outputs in their order. */
function encodeCheck({ inputs, outputs }: Sample, { analysis }: Order): Buffer {
  const numbered = (word: string, ids: readonly string[], tensors: FloatTensors | TensorMap) =>
    ids.flatMap((id, at) => {
      const tensor = tensors[id];
      return tensor === undefined ? [] : [[`${word}${at}`, tensor] as const];
    });
  return encodeSafetensors(
    Object.fromEntries([
      ...numbered('input', analysis.inputs, inputs),
      ...numbered('output', analysis.outputs, outputs),
    ]),
  );
}

/** The files that hold numbers: weights in the framework's form, and what Convloom gives for a random input. */
async function numberFiles(weights: readonly PlacedWeight[], order: Order): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>([
    [weightsFile, encodeSafetensors(convertWeights(weights, order.weights()))],
  ]);
  const sample = await order.sample();
  if (sample !== null) files.set(checkFile, encodeCheck(sample, order));
  return files;
}

/** A target that writes a Python project, and proves it by the project's own `check.py` where the framework is here. */
export function pythonTarget({ label, modules, print }: Framework): Target {
  return {
    print: async (order) => {
      const printed = print(order.document, order.analysis);
      if (!printed.ok) return printed;
      const { files: sources, weights } = printed.value;
      const files = new Map<string, Uint8Array | string>(sources.map(({ path, text: code }) => [path, code]));
      // As they lie beside the trainer: the split follows from them.
      const digits = files.has(trainFile) && trainsOnDigits(order.document);
      if (digits) files.set(digitsFile, await readFile(findBuilt(import.meta.dirname, digitsFile)));
      if (order.model === null) return success(files);
      for (const [name, bytes] of await numberFiles(weights, order)) files.set(name, bytes);
      const { data } = order.model.facts;
      if (data !== null) files.set(classesFile, printLearned(data));
      return success(files);
    },
    prove: async (printed, _sample, order) => await prove(printed, order, { label, modules, print }),
  };
}

async function prove(printed: Printed, order: Order, { label, modules, print }: Framework): Promise<ProofOutcome> {
  const python = await findPython(modules);
  if (python.path === null) return skipped(python.why);
  const project = print(order.document, order.analysis);
  if (!project.ok || typeof printed === 'string' || printed instanceof Uint8Array) {
    return skipped(text('there is no project to run', '没有可运行的项目'));
  }
  const scratch = await mkdtemp(join(tmpdir(), 'convloom-proof-'));
  try {
    const missing = printed.has(checkFile) ? [] : await numberFiles(project.value.weights, order);
    const written = await writeNewFolder(join(scratch, 'project'), new Map([...printed, ...missing]));
    if (!written.ok) return skipped(text('the scratch folder could not be written', '无法写入临时文件夹'));
    const { code, out, error } = await runPython(python.path, ['check.py', '--json'], {
      cwd: written.value.dir,
      timeoutMs: proofMs,
      signal: order.signal,
    });
    if (code === null) return skipped(text(`${label} did not finish in time`, `${label} 未在限定时间内完成`));
    if (code !== 0) {
      const why = error.trim().split('\n').at(-1) ?? '';
      return skipped(text(`${label} failed: ${why}`, `${label} 出错：${why}`));
    }
    return readProof(out, label);
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The last line that the check prints; a difference that is no finite number is written as null. */
function readProof(out: string, label: string): ProofOutcome {
  const answer = JSON.parse(out.trim().split('\n').at(-1) ?? 'null') as {
    readonly maxDifference: number | null;
    readonly scale: number;
    readonly runtime: string;
  };
  const { maxDifference, scale, runtime } = answer;
  return {
    proof: { maxDifference: maxDifference ?? Infinity, scale, runtime: `${label} ${runtime}` },
    skipped: null,
  };
}
