import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { formatShape } from '../../text';
import { countsText } from '../counts';
import { commentText, packageName } from '../names';

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

export function packageJson(document: NetworkDocument, hasPictures: boolean): string {
  const content = {
    name: packageName(document.name),
    private: true,
    type: 'module',
    scripts: {
      build: 'tsc',
      train: 'tsc && node dist/train.js',
      evaluate: 'tsc && node dist/evaluate.js',
      predict: 'tsc && node dist/predict.js',
      check: 'tsc && node dist/check.js',
      format: 'prettier --write .',
    },
    dependencies: {
      '@tensorflow/tfjs': tfjsVersion,
      ...(hasPictures ? { 'jpeg-js': '0.4.4', pngjs: '7.0.0' } : {}),
    },
    devDependencies: {
      '@types/node': '^20.19.0',
      ...(hasPictures ? { '@types/pngjs': '^6.0.5' } : {}),
      prettier: '^3.0.0',
      typescript: '^5.9.0 || ^6.0.0',
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export const prettierrc = `{ "printWidth": 120, "singleQuote": true }\n`;

/** Prints the project's README. */
export function projectReadme(document: NetworkDocument, analysis: NetworkAnalysis, hasPictures: boolean): string {
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => formatShape(analysis.nodes.get(id)?.outputShape ?? [])).join(', ');
  const data = hasPictures
    ? 'a folder with a folder of pictures for each class, one with MNIST’s four IDX files,'
    : 'a folder with MNIST’s four IDX files';
  const pictures = hasPictures ? '\n- `src/pictures.ts`: reads PNG and JPEG files as Convloom does.' : '';
  return `# ${commentText(document.name) || 'Network'}

Designed with Convloom. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}; ${countsText(analysis.totals)}.

    npm install
    npm run train -- DATA            # trains a fresh model and writes weights.json and weights.bin
    npm run evaluate -- DATA         # loss and accuracy on the data held back
    npm run predict -- ${hasPictures ? 'picture.png ' : 'input.json  '}  # uses the weights, or those of a Convloom run that were exported with this project
    npm run check                    # the largest difference to Convloom's own values, where it was exported with a run

Training has the settings of the network: optimizer, learning rate and schedule, batch size, epochs and loss. It writes the weights after
each epoch, and its numbers to \`metrics.log\`. Where \`npm install @tensorflow/tfjs-node\` works, all of it computes there.

- \`src/model.ts\`: the network, layer by layer; its blocks are functions, and repeats loops.
- \`src/layers.ts\`: layers that tfjs does not have, or cannot train, where the network uses such.
- \`src/weights.ts\`: puts a run's weights into the model, and refuses those of another network; reads them out again.
- \`src/data.ts\`: reads DATA, ${data} or a JSON file. The place for a reader of your own.
- \`src/train.ts\`: prints the loss and, on data held back, loss and accuracy each epoch.
- \`src/predict.ts\`: prints the classes by their probabilities, with the names that \`classes.json\` gives.${pictures}

A JSON file to train on:

\`\`\`json
{ "classes": ["cat", "dog"], "samples": [{ "input": [[[0.1], [0.7]]], "label": 1 }] }
\`\`\`

Values are channels last. \`buildModel()\` gives what the network's output node gives; \`predict.ts\` applies a softmax to scores.
`;
}
