import type { Shape } from '../../layers/define';
import { formatShape } from '../../text';
import { numberLiteral } from '../code/calls';
import { printNodeBy, type CodeLanguage } from '../code/language';
import { customLayerNames } from './customLayers';
import { kernelInitializers, printers } from './kinds';

/** A function of the printed code: padding that may be none. */
export const zeroPad = 'zeroPad';
/** What the project calls the copy of a value that a layer takes twice. */
export const again = 'onceMore';

/** TypeScript for tfjs. */
export const typescriptLanguage: CodeLanguage = {
  ownNames: ['name', 'copy', again, zeroPad, ...Object.keys(kernelInitializers), ...customLayerNames],
  ownParams: ['name'],
  paramName: (name) => name,
  paramSuffix: 'Param',
  product: (times, param) => `${numberLiteral(times)} * ${param}`,
  printNode: (node) => printNodeBy(printers, node, {}),
  printInput,
  shapeText: formatShape,
  typeOf,
  canBeDefault: () => true,
  functionName: (block) => block,
  mainName: 'buildModel',
  optionalCallee: zeroPad,
};

function printInput(shape: Shape): ReturnType<CodeLanguage['printInput']> {
  const value = `[${shape.map((size) => (size === null ? 'null' : String(size))).join(', ')}]`;
  return { callee: 'tf.input', fields: [{ name: 'shape', value }] };
}

/** The type of a list of numbers: of two, as most layers take sizes, it is a pair. */
function listType(literal: string): string {
  if (literal.includes('null')) return '(number | null)[]';
  return literal.split(',').length === 2 ? '[number, number]' : 'number[]';
}

/** The type of some literals. */
function typeOf(values: readonly string[]): string {
  const types = values.map((value) => {
    if (value.startsWith('[[')) return '[[number, number], [number, number]]';
    if (value.startsWith('[')) return listType(value);
    if (value.startsWith("'")) return value;
    return value === 'true' || value === 'false' ? 'boolean' : 'number';
  });
  return [...new Set(types)].sort().join(' | ');
}
