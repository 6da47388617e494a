import { nearestWord } from '../nearest';
import { layers } from './index';

/** What other tools call our kinds. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['conv2d', 'conv'],
  ['convolution', 'conv'],
  ['conv2dtranspose', 'upconv'],
  ['convtranspose', 'upconv'],
  ['deconv', 'upconv'],
  ['dense', 'fc'],
  ['linear', 'fc'],
  ['fullyconnected', 'fc'],
  ['maxpool', 'pool'],
  ['avgpool', 'pool'],
  ['maxpooling2d', 'pool'],
  ['globalaveragepooling2d', 'gap'],
  ['relu', 'activation'],
  ['concatenate', 'concat'],
  ['bn', 'batchnorm'],
  ['batchnormalization', 'batchnorm'],
]);

/** The kind that a misspelt one, or another tool's name, stands for; null where there is nothing near. `Dense` is `fc`. */
export function guessKind(kind: string): string | null {
  const kinds = layers.map((layer) => layer.kind);
  return synonyms.get(kind.toLowerCase()) ?? nearestWord(kind, kinds);
}
