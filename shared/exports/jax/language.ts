import type { NetworkDocument } from '../../schema/document';
import { printNodeBy, type CodeLanguage } from '../code/language';
import { pythonProduct, pythonType, shapeText } from '../python/literals';
import { className, networkClass, pythonNames, snakeCase } from '../python/names';
import { printers } from './kinds';
import { helperNames } from './layers';

/** Attributes of every `nnx.Module`, which no layer of a network may take the place of. */
const moduleAttributes = 'eval iter_children iter_modules perturb set_attributes sow train'.split(' ');

const used = [
  ...'jax jnp lax nnx Array Activation Callable initializers partial rngs seed build_model'.split(' '),
  ...pythonNames,
];

/** Flax NNX, whose modules are classes. */
export function jaxLanguage(document: NetworkDocument): CodeLanguage {
  return {
    ownNames: ['x', 'y', ...used, ...moduleAttributes, ...helperNames],
    ownParams: [...used, ...helperNames],
    paramName: snakeCase,
    paramSuffix: null,
    product: pythonProduct,
    printNode: (node) => printNodeBy(printers, node, {}),
    printInput: () => ({ callee: '', fields: [] }),
    shapeText,
    typeOf: (values) => pythonType(values, 'Activation'),
    // What is called in a default is called once for all.
    canBeDefault: (value) => !value.includes('partial('),
    functionName: className,
    mainName: networkClass(document.name),
    optionalCallee: '',
  };
}
