import type { Shape } from '../../layers/define';
import type { NetworkDocument } from '../../schema/document';
import type { CodeLanguage } from '../code/language';
import { findPrinter } from '../printers';
import { pythonProduct, pythonType, tupleOf } from '../python/literals';
import { pythonNames, snakeCase } from '../python/names';
import { printers } from './kinds';
import { layerNames } from './layers';

const used = ['keras', 'layers', 'ops', 'initializers', 'name', 'copy', 'build_model', 'KerasTensor', ...pythonNames];

/** Keras, whose blocks are functions. */
export const kerasLanguage: CodeLanguage = {
  ownNames: ['x', 'y', ...used, ...layerNames],
  ownParams: [...used, ...layerNames],
  paramName: snakeCase,
  paramSuffix: '_param',
  product: pythonProduct,
  printNode: ({ node, start, isBound, ...maxima }) => {
    const printer = findPrinter(printers, node.kind);
    if (printer === undefined) throw new Error(`No printer for ${node.kind}: its nodes were to be refused.`);
    return printer({
      params: node.params ?? {},
      inputs: node.inputShapes.filter((shape): shape is Shape => shape !== null),
      output: node.outputShape ?? [],
      weights: node.weights.map(({ name }) => name),
      isBound,
      start,
      ...maxima,
    });
  },
  printInput: (shape) => ({
    callee: 'keras.Input',
    fields: [{ name: 'shape', value: tupleOf(shape.map((size) => (size === null ? 'None' : String(size)))) }],
  }),
  shapeText,
  typeOf,
  canBeDefault: () => true,
  functionName: snakeCase,
  mainName: 'build_model',
  optionalCallee: '',
};

function typeOf(values: readonly string[]): string {
  const type = pythonType(values, 'str');
  return type === 'None' ? 'str | None' : type;
}

export function shapeText(shape: Shape): string {
  return tupleOf(shape.map((size) => (size === null ? '?' : String(size))));
}

/** A model's name in Keras. */
export function modelName({ name }: NetworkDocument): string {
  const plain = name
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 40);
  return /^[a-z]/.test(plain) ? plain : 'network';
}
