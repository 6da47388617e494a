import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { formatCount, formatShape } from '../../text';
import { commentText, packageName } from '../names';
import { countsOf } from './model';

/** The version of tfjs that the printed project is tested with. */
const tfjsVersion = '4.22.0';

export const tsconfigJson = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "lib": ["ES2022", "DOM"],
    "types": ["node"],
    "strict": true,
    "noUncheckedIndexedAccess": true,
    "noImplicitOverride": true,
    "noUnusedLocals": true,
    "noUnusedParameters": true,
    "skipLibCheck": true,
    "rootDir": "src",
    "outDir": "dist"
  },
  "include": ["src"]
}
`;

export function packageJson(document: NetworkDocument): string {
  const content = {
    name: packageName(document.name),
    private: true,
    type: 'module',
    scripts: {
      build: 'tsc',
      predict: 'tsc && node dist/predict.js',
      train: 'tsc && node dist/train.js',
      format: 'prettier --write .',
    },
    dependencies: { '@tensorflow/tfjs': tfjsVersion },
    devDependencies: { '@types/node': '^20.19.0', prettier: '^3.0.0', typescript: '^5.9.0 || ^6.0.0' },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export const prettierrc = `{ "printWidth": 120, "singleQuote": true }\n`;

/** Prints the project's README. */
export function projectReadme(document: NetworkDocument, analysis: NetworkAnalysis): string {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => formatShape(analysis.nodes.get(id)?.outputShape ?? [])).join(', ');
  const { params, trainableParams, macs } = analysis.totals;
  return `# ${commentText(document.name) || 'Network'}

Designed with Convloom. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}; ${countsOf(params, trainableParams)}, ${formatCount(macs)} multiply-adds per sample.

    npm install
    npm run train -- DATA            # trains a fresh model and writes weights.json and weights.bin
    npm run predict -- input.json    # uses them, or those of a Convloom run that were exported with this project

- \`src/model.ts\`: the network, layer by layer.
- \`src/layers.ts\`: layers that tfjs does not have, or cannot train, where the network uses such.
- \`src/weights.ts\`: puts a run's weights into the model, and refuses those of another network; reads them out again.
- \`src/data.ts\`: reads DATA, a folder with MNIST's four IDX files or a JSON file. The place for a reader of your own.
- \`src/train.ts\`: prints the loss and, on data held back, loss and accuracy each epoch.
- \`src/predict.ts\`: prints probabilities of classes. It reads JSON, not pictures.

A JSON file to train on:

\`\`\`json
{ "classes": ["cat", "dog"], "samples": [{ "input": [[[0.1], [0.7]]], "label": 1 }] }
\`\`\`

Values are channels last. \`buildModel()\` gives what the network's output node gives; \`predict.ts\` applies a softmax to scores.
`;
}
