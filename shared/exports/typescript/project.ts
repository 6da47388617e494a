import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { formatShape } from '../../text';
import { countsText } from '../counts';
import { commentText, packageName } from '../names';
import { digitsFile } from '../python/training/settings';
import { lossWeightsName, stylePictureFile, type PrintedComparison } from './lossModel';
import { learnsOwnPictures, spoilingOf, type InputKind } from './sources';

/** The version of tfjs that the printed project is tested with. */
const tfjsVersion = '4.22.0';

export const tsconfigJson = `{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "moduleResolution": "NodeNext",
    "lib": ["ES2022", "DOM", "DOM.Iterable"],
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

/** Prints `package.json`. */
export function packageJson(document: NetworkDocument, kind: InputKind): string {
  const hasPictures = kind === 'picture';
  const hasTables = kind === 'table' || (hasPictures && !learnsOwnPictures(document, kind));
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
      ...(hasPictures ? { page: 'vite', 'build:page': 'vite build' } : {}),
      lint: 'eslint . && prettier --check .',
      format: 'prettier --write .',
    },
    dependencies: {
      '@tensorflow/tfjs': tfjsVersion,
      ...(hasTables ? { hyparquet: '^1.33.0', 'hyparquet-compressors': '^1.1.2' } : {}),
      ...(hasPictures ? { 'jpeg-js': '0.4.4' } : {}),
      ...(hasTables ? { papaparse: '^5.5.0' } : {}),
      ...(hasPictures ? { pngjs: '7.0.0' } : {}),
    },
    devDependencies: {
      '@eslint/js': '^10.0.0',
      '@types/node': '^20.19.0',
      ...(hasTables ? { '@types/papaparse': '^5.5.0' } : {}),
      ...(hasPictures ? { '@types/pngjs': '^6.0.5' } : {}),
      eslint: '^10.0.0',
      prettier: '^3.0.0',
      typescript: '^5.9.0 || ^6.0.0',
      'typescript-eslint': '^8.60.0',
      ...(hasPictures ? { vite: '^8.0.0' } : {}),
    },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

export const gitignore = `node_modules/
dist/
page/
checkpoint.bin
*.part
`;

/** What is written by the app and by training: numbers that nobody lays out. */
export const prettierignore = `weights.json
lossNetwork.json
classes.json
check.json
`;

export const eslintConfig = `import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(globalIgnores(['dist/', 'page/', 'node_modules/']), js.configs.recommended, {
  files: ['**/*.ts'],
  extends: [tseslint.configs.recommendedTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: { '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }] },
});
`;

export const viteConfig = `import { cp } from 'node:fs/promises';
import { defineConfig } from 'vite';

const outDir = 'page';
const trained = ['weights.json', 'weights.bin', 'classes.json'];

/** What was trained lies beside the page, not in it: a built page takes it along. */
const weights = {
  name: 'weights',
  closeBundle: async () => {
    for (const file of trained) await cp(file, \`\${outDir}/\${file}\`).catch(() => undefined);
  },
};

export default defineConfig({
  appType: 'mpa',
  base: './',
  build: { outDir, chunkSizeWarningLimit: 4000 },
  plugins: [weights],
});
`;

export const prettierrc = `{ "printWidth": 120, "singleQuote": true }\n`;

/** What is read of folders of pictures that are not beside others: classes, or the pictures themselves. */
type OfPictures = { readonly folder: string; readonly reader: string; readonly further: string };
const classFolders: OfPictures = {
  folder: 'with a folder of pictures for each class (or pictures beside a table `labels.csv`)',
  reader: 'folders.ts`, `labelTable.ts`, `parquet.ts`, `parquetPictures.ts',
  further: ' Parquet files with pictures,',
};
const ownPictures: OfPictures = { folder: 'of pictures, which are learned themselves', reader: 'own.ts', further: '' };

const reads: { readonly [Kind in InputKind]: (own: OfPictures) => string } = {
  picture: ({ folder, further }) =>
    `a folder ${folder}, one with folders \`images\` and \`masks\`, one with folders \`inputs\` and \`targets\` (each also within folders \`train\`, \`val\` and \`test\`), MNIST’s IDX files, CIFAR-10’s batches, arrays of NumPy (\`.npz\`),${further}`,
  table: () =>
    'a table (CSV or Parquet; the columns to learn are in `src/settings.ts`), a folder with MNIST’s IDX files,',
  other: () => 'a folder with MNIST’s IDX files',
};

const readers: { readonly [Kind in InputKind]: (own: OfPictures) => string } = {
  picture: ({ reader }) =>
    `\`${reader}\`, \`masks.ts\`, \`pairs.ts\`, \`tree.ts\`, \`idx.ts\`, \`cifar10.ts\`, \`arrays.ts\``,
  table: () => '`table.ts`, `parquet.ts`, `idx.ts`',
  other: () => '`idx.ts`',
};

const pageText = `
    npm run page                     # a page that answers pictures dropped on it; npm run build:page makes one to put on a server`;

const pictureFiles = `
- \`src/pictures.ts\`, \`pixels.ts\`: read PNG and JPEG files as Convloom does; WebP and TIFF, where \`npm install sharp\` works.
- \`index.html\`, \`src/page.ts\`: the page.`;

const digitsText = ` The digits that this network\nlearns to restore lie beside this file, as \`${digitsFile}\`.`;

function comparisonText({ compared }: PrintedComparison): string {
  const style = compared.some(({ style }) => style > 0)
    ? `; \`${stylePictureFile}\` is the picture whose style is learned`
    : '';
  return `- \`src/perceptual.ts\`, \`lossNetwork.ts\`: the loss, by what a trained network makes of pictures; its weights are in
  \`${lossWeightsName}.json\` and \`${lossWeightsName}.bin\`${style}.
`;
}

/** Prints the project's README. */
export function projectReadme(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  kind: InputKind,
  comparison: PrintedComparison | null,
): string {
  const hasDigits = spoilingOf(document, kind) !== null;
  const hasPictures = kind === 'picture';
  const own = learnsOwnPictures(document, kind) ? ownPictures : classFolders;
  const shapes = (ids: readonly string[]): string =>
    ids.map((id) => formatShape(analysis.nodes.get(id)?.outputShape ?? [])).join(', ');
  return `# ${commentText(document.name) || 'Network'}

Designed with Convloom. Input ${shapes(analysis.inputs)}, output ${shapes(analysis.outputs)}; ${countsText(analysis.totals)}.

    npm install
    npm run train -- DATA            # trains a fresh model and writes weights.json and weights.bin
    npm run train -- DATA --resume   # goes on where a training was broken off
    npm run evaluate -- DATA         # loss and scores on the data held back
    npm run predict -- ${hasPictures ? 'picture.png ' : 'input.json  '}  # uses the weights, or those of a Convloom run that were exported with this project
    npm run check                    # the largest difference to Convloom's own values, where it was exported with a run${hasPictures ? pageText : ''}
    npm run lint                     # ESLint and Prettier

DATA is ${reads[kind](own)} or a JSON file.${hasDigits ? digitsText : ''} What is held back is what Convloom holds back, so that scores can be compared.

Training has the settings of the network: optimizer, learning rate and schedule, batch size, epochs and loss, and its augmentation, in
\`src/augment.ts\` and \`src/mixing.ts\`, where it has some. After each epoch it writes
the weights, \`checkpoint.bin\` to go on from, and its numbers to \`metrics.log\`. \`--epochs N\`, \`--seed N\` and \`--limit N\` (samples) change
one run. Where \`npm install @tensorflow/tfjs-node\` works, all of it computes there.

- \`src/model.ts\`: the network, layer by layer; its blocks are functions, and repeats loops.
- \`src/layers.ts\`: layers that tfjs does not have, or cannot train, where the network uses such.
- \`src/weights.ts\`: puts a run's weights into the model, and refuses those of another network; reads them out again.
- \`src/settings.ts\`: optimizer, schedule, batch size, epochs, the share of the data that is trained on, and what is trained.
- \`src/data.ts\`, ${readers[kind](own)}: read DATA. The place for a reader of your own.
- \`src/train.ts\`, \`scores.ts\`, \`checkpoint.ts\`: the training; loss, accuracy${hasPictures ? ', mean IoU of masks, PSNR of pictures' : ''}, F1 and average precision of any number of classes (\`labels.ts\`); what it needs to go on.
${comparison === null ? '' : comparisonText(comparison)}- \`src/predict.ts\`, \`answers.ts\`: print the classes by their probabilities, with the names that \`classes.json\` gives${hasPictures ? ', and write masks, and answers that are pictures' : ''}.${hasPictures ? pictureFiles : ''}

A JSON file to train on:

\`\`\`json
{ "classes": ["cat", "dog"], "samples": [{ "input": [[[0.1], [0.7]]], "label": 1 }] }
\`\`\`

A sample with any number of the classes has \`"labels": [1, 0]\` in place of its label: a 0 or a 1 for each.
Values are channels last. \`buildModel()\` gives what the network's output node gives; \`predict.ts\` applies a softmax to scores.
`;
}
