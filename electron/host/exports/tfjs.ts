import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printTfjs, tfjsModelFile } from '../../../shared/exports/tfjs';
import type { FloatTensors } from '../../../shared/ops/tensor';
import { text } from '../../../shared/text';
import { measureProof, skipped } from '../proof';
import type { Target } from './targets';

/** A layers model of TensorFlow.js, which TensorFlow.js itself then runs. */
export const tfjs: Target = {
  print: ({ document, analysis, weights }) => printTfjs(document, analysis, weights()),
  prove: async (printed, { inputs, outputs }, { analysis, ask, signal }) => {
    if (typeof printed === 'string' || printed instanceof Uint8Array)
      return skipped(text('nothing was printed', '没有输出'));
    const scratch = await mkdtemp(join(tmpdir(), 'convloom-tfjs-'));
    try {
      for (const [name, content] of printed) await writeFile(join(scratch, name), content);
      // The model's ends are called by the names of layers; both sides list them in the network's order.
      const names = analysis.inputs.map((_, at) => `#${at}`);
      const feeds: FloatTensors = Object.fromEntries(
        analysis.inputs.flatMap((id, at) => (inputs[id] === undefined ? [] : [[names[at] ?? '', inputs[id]]])),
      );
      const answer = await ask(
        'tfjsModel',
        { path: join(scratch, tfjsModelFile), inputs: feeds, outputs: analysis.outputs },
        signal,
      );
      if (!answer.ok) return skipped(answer.diagnostics[0]?.summary ?? text('it could not be run', '无法运行'));
      const { outputs: theirs, runtime } = answer.value;
      const ours = Object.fromEntries(
        analysis.outputs.flatMap((id) => (outputs[id] === undefined ? [] : [[id, outputs[id]]])),
      );
      return { proof: measureProof(ours, theirs, runtime), skipped: null };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};
