import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { formatCount, formatShape } from '../../text';
import { commentText } from '../names';

/** How the folder is used, in the words of TensorFlow.js. */
export function tfjsReadme({ name }: NetworkDocument, { inputs, outputs, nodes, totals }: NetworkAnalysis): string {
  const shapeOf = (id: string): string => formatShape(nodes.get(id)?.outputShape ?? []);
  const list = (ids: readonly string[]): string => ids.map((id) => `- ${commentText(id)}: ${shapeOf(id)}`).join('\n');
  return `# ${commentText(name) || 'Network'}

A layers model of TensorFlow.js, ${formatCount(totals.params)} parameters, made of standard layers: no code of its own is needed.

\`\`\`js
import * as tf from '@tensorflow/tfjs';

const model = await tf.loadLayersModel('https://example.org/model/model.json');
const answer = model.predict(tf.zeros([1, ...model.inputs[0].shape.slice(1)]));
\`\`\`

\`model.json\` lists the layers; the numbered files beside it hold the weights and must stay there.

What goes in, each as a batch with the channels last:

${list(inputs)}

What comes out:

${list(outputs)}
`;
}
