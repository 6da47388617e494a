import { join, resolve } from 'node:path';
import { success } from '../../../shared/diagnostics/diagnostic';
import type { ImportResult } from '../../../shared/host/api';
import { proofText } from '../../host/proof';
import { defineCommand, forceOption, jsonOption, outputOption } from '../command';
import { readNetwork } from '../readNetwork';
import { reportFailure } from '../report';
import { findRun } from '../../files/paths';
import { countText } from '../table';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';

/** `convloom import`. */
export const importNetwork = defineCommand({
  name: 'import',
  summary: 'a network, with its weights, from a file of another kind',
  details: [
    '  MODEL is a network file, a model or run of Convloom, an ONNX model, a Keras model (.keras, .h5, JSON), a model.json of',
    '  TensorFlow.js or its folder, a TensorFlow Lite model, a Caffe network (.prototxt), a network of nnabla (.nntxt), or',
    '  weights as safetensors, .pt or .pth of PyTorch, or .h5 with --onto.',
    '  PATH is a network file (.json, .convloom), a model in one file (.convloom-model), or a folder for a model.',
  ].join('\n'),
  positionals: [{ name: 'MODEL', doc: 'what to import' }],
  options: {
    onto: { type: 'text', placeholder: 'FILE', doc: 'the network that bare weights are put on, by name and shape' },
    weights: {
      type: 'text',
      placeholder: 'FILE',
      doc: 'the .caffemodel of a Caffe network; without it, the one beside it',
    },
    'no-blocks': { type: 'flag', doc: 'leave equal parts in a row as they are; else they become blocks that repeat' },
    output: outputOption,
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [source = ''] }, terminal) => {
    const { onto, weights, json, force } = options;
    const output = resolve(options.output);
    const network = onto === undefined ? success(null) : await readNetwork(onto);
    if (!network.ok) return reportFailure(network, json, terminal);
    return await withHost(async (host) => {
      const imported = await host.request('import.read', {
        path: findRun(source),
        ...(network.value === null ? {} : { onto: network.value }),
        ...(weights === undefined ? {} : { weights: resolve(weights) }),
        save: { path: output, overwrite: force },
        foldRepeats: !options['no-blocks'],
      });
      if (!imported.ok) return reportFailure(imported, json, terminal);
      if (json) terminal.out(JSON.stringify(importJson(imported.value)));
      else describe(imported.value, terminal);
      return 0;
    });
  },
});

/** Where the network and the model are: a model's folder has both, its one file neither beside it. */
function importJson({ saved, report, folds, proof, notProved }: ImportResult) {
  const path = saved?.path ?? null;
  const isModel = saved?.withWeights === true;
  const inFolder = path === null || path.endsWith('.convloom-model') ? null : join(path, 'network.json');
  return {
    ok: true,
    document: isModel ? inFolder : path,
    model: isModel ? path : null,
    report: report.map(({ why, ...line }) => ({ ...line, why: why?.en ?? null })),
    blocks: folds.map(({ en }) => en),
    proof,
    ...(notProved === null ? {} : { notProved: notProved.en }),
  };
}

function describe({ saved, report, folds, hasWeights, proof, notProved }: ImportResult, terminal: Terminal): void {
  for (const { source, status, why } of report) {
    if (status !== 'same') terminal.err(`${status}: ${source}${why === null ? '' : `: ${why.en}`}`);
  }
  const same = report.filter(({ status }) => status === 'same').length;
  terminal.err(`${countText(same)} of ${countText(report.length)} parts are the same.`);
  for (const { en } of folds) terminal.err(`${en}.`);
  if (proof !== null) terminal.err(proofText(proof).en);
  if (notProved !== null) terminal.err(`Not compared with the file's own engine: ${notProved.en}.`);
  if (saved === null) return;
  if (hasWeights && !saved.withWeights) terminal.err('A network file has no room for the weights; they were left out.');
  terminal.err(`Wrote ${saved.path}.`);
}
