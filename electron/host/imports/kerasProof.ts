import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importNotRun } from '../../../shared/diagnostics/catalog/importedLayers';
import { failure, success } from '../../../shared/diagnostics/diagnostic';
import type { FloatTensors, HostTensor } from '../../../shared/ops/tensor';
import type { CancelSignal } from '../../../shared/host/api';
import { findPython, proofMs, runPython } from '../exports/python';
import { tensorOf, type RunFile } from './fileProof';

/**
 * Loads a file with Keras and runs it on the tensors beside it. It is told nothing but paths; the file was read here before, and found
 * to be made of Keras' own layers.
 */
const script = `
import json, sys
import numpy as np
import keras

folder, path = sys.argv[1:3]
given = json.load(open(folder + "/inputs.json", encoding="utf-8"))
model = keras.saving.load_model(path, compile=False)
feeds = [np.fromfile(folder + "/" + one["file"], dtype="<f4").reshape(one["shape"]) for one in given]
answers = model(feeds[0] if len(feeds) == 1 else feeds, training=False)
found = []
for at, answer in enumerate(answers if isinstance(answers, (list, tuple)) else [answers]):
    values = keras.ops.convert_to_numpy(answer).astype("<f4")
    values.tofile(folder + f"/output{at}")
    found.append(list(values.shape))
json.dump(found, open(folder + "/outputs.json", "w", encoding="utf-8"))
`;

/** Runs a TensorFlow Lite file by its interpreter, likewise. */
const liteScript = `
import json, sys
import numpy as np
import tensorflow as tf

folder, path = sys.argv[1:3]
given = json.load(open(folder + "/inputs.json", encoding="utf-8"))
interpreter = tf.lite.Interpreter(model_path=path)
interpreter.allocate_tensors()
for one, detail in zip(given, interpreter.get_input_details()):
    values = np.fromfile(folder + "/" + one["file"], dtype="<f4").reshape(one["shape"])
    interpreter.set_tensor(detail["index"], values)
interpreter.invoke()
found = []
for at, detail in enumerate(interpreter.get_output_details()):
    values = interpreter.get_tensor(detail["index"]).astype("<f4")
    values.tofile(folder + f"/output{at}")
    found.append(list(values.shape))
json.dump(found, open(folder + "/outputs.json", "w", encoding="utf-8"))
`;

/** A program of Python that runs files. */
type Runner = { readonly name: string; readonly module: string; readonly script: string };

/** Runs a `.keras` or `.h5` file by Keras, in a Python that has it. `outputs`: the names of the model's outputs, in its order. */
export function runByKeras(path: string, outputs: readonly string[], signal: CancelSignal | undefined): RunFile {
  return runByPython({ name: 'Keras', module: 'keras', script }, path, outputs, signal);
}

/** Runs a `.tflite` file by TensorFlow Lite, in a Python that has TensorFlow. `outputs`: the names of the model's outputs, in its order. */
export function runByTflite(path: string, outputs: readonly string[], signal: CancelSignal | undefined): RunFile {
  return runByPython({ name: 'TensorFlow Lite', module: 'tensorflow', script: liteScript }, path, outputs, signal);
}

function runByPython(
  { name: program, module, script: code }: Runner,
  path: string,
  outputs: readonly string[],
  signal: CancelSignal | undefined,
): RunFile {
  return async (inputs: FloatTensors) => {
    const python = await findPython([module, 'numpy']);
    if (python.path === null) return failure(importNotRun(python.why));
    const scratch = await mkdtemp(join(tmpdir(), 'convloom-keras-'));
    try {
      const entries = Object.values(inputs).map(({ shape, data }, at) => ({ file: `input${at}`, shape, data }));
      for (const { file, data } of entries) {
        await writeFile(join(scratch, file), Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      }
      await writeFile(
        join(scratch, 'inputs.json'),
        JSON.stringify(entries.map(({ file, shape }) => ({ file, shape }))),
      );
      const ended = await runPython(python.path, ['-c', code, scratch, path], { timeoutMs: proofMs, signal });
      if (ended.code !== 0) {
        const why = ended.error.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
        return failure(importNotRun({ en: `${program} does not run it: ${why}`, zh: `${program} 无法运行它：${why}` }));
      }
      const shapes = JSON.parse(
        await readFile(join(scratch, 'outputs.json'), 'utf8'),
      ) as readonly (readonly number[])[];
      const found: [string, HostTensor][] = [];
      for (const [at, shape] of shapes.entries()) {
        const tensor = tensorOf(shape, await readFile(join(scratch, `output${at}`)));
        const name = outputs[at];
        if (tensor.ok && name !== undefined) found.push([name, tensor.value]);
      }
      return success({
        outputs: Object.fromEntries(found),
        runtime: `${program} ${python.versions[module] ?? ''}`.trim(),
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
}
