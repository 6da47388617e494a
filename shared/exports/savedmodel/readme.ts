import type { NetworkAnalysis } from '../../analysis/types';
import { formatShape } from '../../text';
import { commentText, quoted } from '../names';
import type { SignatureNames } from './names';

/** How the model is called: `README.md` beside it, which loaders leave alone. */
export function savedModelReadme(name: string, analysis: NetworkAnalysis, names: SignatureNames): string {
  const row = ([id, called]: readonly [string, string]): string =>
    `| \`${called}\` | ${commentText(id)} | ${formatShape(analysis.nodes.get(id)?.outputShape ?? [])} |`;
  const table = (title: string, ports: ReadonlyMap<string, string>): string =>
    [`| ${title} | node | shape of one sample |`, '| --- | --- | --- |', ...[...ports].map(row)].join('\n');
  const given = [...names.inputs].map(([, called]) => `${called}=...`).join(', ');
  const [, output = 'output'] = [...names.outputs][0] ?? [];
  return `# ${commentText(name) || 'Network'}

A TensorFlow SavedModel, written by Convloom. The signature \`serving_default\` takes and gives float32 batches, channels last.

${table('input', names.inputs)}

${table('output', names.outputs)}

\`\`\`python
import tensorflow as tf

serve = tf.saved_model.load('.').signatures['serving_default']
answer = serve(${given})[${quoted(output)}]
\`\`\`

The weights are constants of the graph: nothing is beside \`saved_model.pb\`, and it does not train on.
`;
}
