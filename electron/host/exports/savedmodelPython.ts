import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SignatureNames } from '../../../shared/exports/savedmodel/names';
import type { CancelSignal } from '../../../shared/host/api';
import type { TensorMap } from '../../../shared/ops/tensor';
import { text } from '../../../shared/text';
import { measureProof, skipped, type ProofOutcome, type Sample } from '../proof';
import { findPython, proofMs, runPython } from './python';

/** Reads its inputs from files beside it and leaves the outputs there: values as they lie in memory, in the order of the arguments. */
const script = `
import json, sys
import numpy as np
import tensorflow as tf

ask = json.load(open(sys.argv[1] + '/ask.json'))
fed = {
    name: tf.constant(np.fromfile(f'{sys.argv[1]}/in{at}', np.float32).reshape(shape))
    for at, (name, shape) in enumerate(ask['inputs'])
}
given = tf.saved_model.load(sys.argv[1]).signatures['serving_default'](**fed)
for at, name in enumerate(ask['outputs']):
    given[name].numpy().astype(np.float32).tofile(f'{sys.argv[1]}/out{at}')
print(tf.__version__)
`;

/** Loads a SavedModel as a user would, and calls its signature. The folder is one that may be written into. */
export async function proveInPython(
  path: string,
  { inputs, outputs }: Sample,
  names: SignatureNames,
  signal: CancelSignal | undefined,
): Promise<ProofOutcome> {
  const python = await findPython(['tensorflow', 'numpy']);
  if (python.path === null) {
    return skipped(
      text(`TensorFlow is not set up here, and ${python.why.en}`, `这里没有安装 TensorFlow，且${python.why.zh}`),
    );
  }
  const fed = Object.entries(inputs);
  for (const [at, [, { data }]] of fed.entries()) {
    await writeFile(join(path, `in${at}`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const ids = Object.keys(outputs);
  const ask = {
    inputs: fed.map(([id, { shape }]) => [names.inputs.get(id) ?? id, shape]),
    outputs: ids.map((id) => names.outputs.get(id) ?? id),
  };
  await writeFile(join(path, 'ask.json'), JSON.stringify(ask));
  const ended = await runPython(python.path, ['-c', script, path], { timeoutMs: proofMs, signal });
  if (ended.code !== 0) {
    const reason = ended.error.split('\n').at(-1) ?? '';
    return skipped(text(`Python ended with: ${reason}`, `Python 报错：${reason}`));
  }
  const theirs: [string, TensorMap[string]][] = [];
  for (const [at, id] of ids.entries()) {
    const bytes = await readFile(join(path, `out${at}`));
    const data = new Float32Array(new Uint8Array(bytes).buffer);
    theirs.push([id, { dtype: 'float32', shape: outputs[id]?.shape ?? [], data }]);
  }
  const version = ended.out.split('\n').at(-1) ?? '';
  const runtime = `TensorFlow ${version}, Python ${python.versions['python'] ?? ''}`;
  return { proof: measureProof(outputs, Object.fromEntries(theirs), runtime), skipped: null };
}
