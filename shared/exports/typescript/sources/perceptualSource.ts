import { luma } from '../../../ops/pixels';
import { lossWeightsName, stylePictureFile, type PrintedComparison } from '../lossModel';
import { weightRows } from '../weights';

/** Prints `perceptual.ts`: compares pictures by what a trained network makes of them, as Convloom does. */
export function perceptualSource(comparison: PrintedComparison): string {
  const { compared, answer, channels, weightLayers, variationWeight } = comparison;
  const hasStyle = compared.some(({ style }) => style > 0);
  const hasContent = compared.some(({ content }) => content > 0);
  const rows = compared.map(
    ({ nodeId, content, style }) => `  { content: ${content}, style: ${style} }, // ${nodeId.replace(/\s+/g, ' ')}`,
  );
  return [
    imports(hasStyle),
    `/** Which layer of the loss network takes which weights of ${lossWeightsName}.json. */`,
    `const layerWeights: readonly LayerWeights[] = ${weightRows(weightLayers)}`,
    '',
    '/** What the values of each output of the loss network count as content, and what their Gram matrix counts as style. */',
    `const compared: { content: number; style: number }[] = [\n${rows.join('\n')}\n];`,
    '',
    preparing(hasStyle, answer),
    featuresSource(answer.at(-1) ?? 1, channels),
    ...(hasStyle ? [gramSource] : []),
    ...(variationWeight > 0 ? [variationSource] : []),
    lossSource(hasContent, hasStyle, variationWeight),
  ].join('\n');
}

function imports(hasStyle: boolean): string {
  return `import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
${hasStyle ? "import { PNG } from 'pngjs';\n" : ''}import { buildModel } from './lossNetwork.js';
${hasStyle ? "import { toInput } from './pixels.js';\n" : ''}import { setWeights, type LayerWeights, type WeightEntry } from './weights.js';
`;
}

function preparing(hasStyle: boolean, answer: readonly number[]): string {
  const grams = hasStyle
    ? `  const { width, height, data } = PNG.sync.read(readFileSync('${stylePictureFile}'));
  const style = toInput({ width, height, channels: 4, data }, [${answer.join(', ')}]);
  const grams = tf.tidy(() =>
    featuresOf(network, tf.tensor4d(style.data, [1, ${answer.join(', ')}])).map((values) => gramOf(values)),
  );
  known = { network, grams };
  return known;
`
    : `  known = { network };
  return known;
`;
  return `type Comparison = { network: tf.LayersModel${hasStyle ? '; grams: tf.Tensor[]' : ''} };

let known: Comparison | null = null;

/** Reads the loss network${hasStyle ? ' and the picture whose style is learned' : ''}, once; not within a \`tf.tidy\`, which would take them away again. */
export function readComparison(): Comparison {
  if (known !== null) return known;
  const network = buildModel();
  const index = JSON.parse(readFileSync('${lossWeightsName}.json', 'utf8')) as WeightEntry[];
  setWeights(network, index, readFileSync('${lossWeightsName}.bin'), layerWeights);
${grams}}
`;
}

/** Pictures as the loss network takes them: grey as equal channels, colours as grey, without opacity. */
function asTaken(own: number, wanted: number): string {
  if (own === wanted) return 'pictures';
  if (own === 1) return `tf.tile(pictures, [1, 1, 1, ${wanted}])`;
  const colours = own === 3 ? 'pictures' : 'tf.slice(pictures, [0, 0, 0, 0], [-1, -1, -1, 3])';
  return wanted === 3 ? colours : `tf.sum(tf.mul(${colours}, [${luma.join(', ')}]), 3, true)`;
}

function featuresSource(own: number, wanted: number): string {
  return `/** What the loss network makes of pictures: the values of each output. */
function featuresOf(network: tf.LayersModel, pictures: tf.Tensor): tf.Tensor[] {
  const values = network.apply(${asTaken(own, wanted)}) as tf.Tensor | tf.Tensor[];
  return Array.isArray(values) ? values : [values];
}
`;
}

const gramSource = `/** F^T F / (h w c) of each sample, where F are its values as [h w, c]: which channels go together, wherever that is. */
function gramOf(values: tf.Tensor): tf.Tensor {
  const [batch = 1, height = 1, width = 1, channels = 1] = values.shape;
  const flat = tf.reshape(values, [batch, height * width, channels]);
  return tf.mul(tf.matMul(flat, flat, true), 1 / (height * width * channels));
}
`;

const variationSource = `/** The mean square of the difference of each pixel to its right and its lower neighbour. */
function variationOf(pictures: tf.Tensor): tf.Tensor {
  const steps = [1, 2].map((axis) => {
    const size = pictures.shape.map((length, at) => (at === axis ? length - 1 : length));
    const begin = size.map((_, at) => (at === axis ? 1 : 0));
    return tf.mean(tf.squaredDifference(tf.slice(pictures, begin, size), tf.slice(pictures, [0, 0, 0, 0], size)));
  });
  return tf.addN(steps);
}
`;

function lossSource(hasContent: boolean, hasStyle: boolean, variationWeight: number): string {
  const terms = [
    ...(hasContent
      ? [
          `    const wanted = of[at];
    if (content > 0 && wanted !== undefined) terms.push(tf.mul(content, tf.mean(tf.squaredDifference(values, wanted))));`,
        ]
      : []),
    ...(hasStyle
      ? [
          `    const gram = grams[at];
    if (style > 0 && gram !== undefined) {
      terms.push(tf.mul(style, tf.mean(tf.sum(tf.squaredDifference(gramOf(values), gram), [1, 2]))));
    }`,
        ]
      : []),
  ];
  const names = [...(hasContent ? ['content'] : []), ...(hasStyle ? ['style'] : [])].join(', ');
  return `/**
 * The perceptual loss of answers, and the pictures that they should be: the mean over samples. Source: Johnson, Alahi and Fei-Fei,
 * arXiv 1603.08155, section 3.2.
 */
export function perceptualLoss(answers: tf.Tensor, ${hasContent ? 'pictures' : '_pictures'}: tf.Tensor): tf.Scalar {
  const { network${hasStyle ? ', grams' : ''} } = readComparison();
${hasContent ? '  const of = featuresOf(network, pictures);\n' : ''}  const terms: tf.Tensor[] = [];
  for (const [at, values] of featuresOf(network, answers).entries()) {
    const { ${names} } = compared[at] ?? { content: 0, style: 0 };
${terms.join('\n')}
  }
${variationWeight > 0 ? `  terms.push(tf.mul(${variationWeight}, variationOf(answers)));\n` : ''}  return tf.addN(terms) as tf.Scalar;
}
`;
}
