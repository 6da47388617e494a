import type { NetworkDocument } from '../../schema/document';
import { printNodeBy, type CodeLanguage } from '../code/language';
import { pythonProduct, pythonType, shapeText, tupleOf } from '../python/literals';
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
  printNode: (node) => printNodeBy(printers, node, {}),
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

/** A model's name in Keras. */
export function modelName({ name }: NetworkDocument): string {
  const plain = name
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 40);
  return /^[a-z]/.test(plain) ? plain : 'network';
}
