import { join } from 'node:path';
import type { Diagnostic } from '../../../shared/diagnostics/diagnostic';
import type { NetworkDocument } from '../../../shared/graph/document';
import { benchMarkdown, runBench } from '../../bench';
import { findAppRoot, type Host } from '../../host';
import { defineCommand, jsonOption } from '../command';
import { reportDiagnostics } from '../report';
import { withHost } from '../withHost';

/** `convloom bench`. */
export const bench = defineCommand({
  name: 'bench',
  summary: 'time a training step of every engine here, and the analysis',
  details: [
    'All candidates take turns within one run, so that what else the machine does falls on all alike: read the ratios. Peers are',
    'timed where they are: tfjs-node after `convloom setup tensorflow`, PyTorch and Keras in the Python that --python names.',
  ].join('\n'),
  positionals: [],
  options: {
    case: { type: 'choice', values: ['lenet', 'unet-small', 'vgg-cifar', 'resnet-18'], doc: 'only this network' },
    rounds: { type: 'integer', min: 1, max: 1000, doc: 'turns of each candidate' },
    python: { type: 'text', placeholder: 'PATH', doc: 'a Python with PyTorch or Keras' },
    json: jsonOption,
  },
  run: async ({ options }, terminal) =>
    await withHost(async (host) => {
      const opened = await openTemplates(host);
      if ('diagnostics' in opened) return reportDiagnostics(opened.diagnostics, options.json, terminal);
      const { lenet, smallUnet, resnet18, analysed } = opened;
      const report = await runBench({
        workerEntry: join(findAppRoot(import.meta.dirname), 'out', 'main', 'benchWorker.js'),
        templates: { lenet, smallUnet, resnet18 },
        analysed,
        python: options.python ?? null,
        ...(options.case === undefined ? {} : { cases: [options.case] }),
        ...(options.rounds === undefined ? {} : { rounds: options.rounds }),
        progress: (line) => terminal.progress(line),
      });
      terminal.out(options.json ? JSON.stringify(report, null, 2) : benchMarkdown(report));
      return 0;
    }),
});

type Opened = {
  readonly lenet: NetworkDocument;
  readonly smallUnet: NetworkDocument;
  readonly resnet18: NetworkDocument;
  readonly analysed: readonly { readonly id: string; readonly document: NetworkDocument }[];
};

async function openTemplates(host: Host): Promise<Opened | { readonly diagnostics: readonly Diagnostic[] }> {
  const [lenet, smallUnet, resnet18, resnet50, unet] = await Promise.all(
    ['lenet', 'unet-small', 'resnet-18', 'resnet-50', 'unet'].map(
      async (id) => await host.request('templates.open', { id }),
    ),
  );
  const missing = [lenet, smallUnet, resnet18, resnet50, unet].flatMap((result) =>
    result?.ok === false ? result.diagnostics : [],
  );
  if (!lenet?.ok || !smallUnet?.ok || !resnet18?.ok || !resnet50?.ok || !unet?.ok) return { diagnostics: missing };
  return {
    lenet: lenet.value,
    smallUnet: smallUnet.value,
    resnet18: resnet18.value,
    analysed: [
      { id: 'resnet-50', document: resnet50.value },
      { id: 'unet', document: unet.value },
    ],
  };
}
