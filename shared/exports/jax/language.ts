import type { Shape } from '../../layers/define';
import type { NetworkDocument } from '../../schema/document';
import type { CodeLanguage } from '../code/language';
import { findPrinter } from '../printers';
import { pythonProduct, pythonType, tupleOf } from '../python/literals';
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

/** Channels last, as in Convloom. */
export function shapeText(shape: Shape): string {
  return tupleOf(shape.map((size) => (size === null ? '?' : String(size))));
}
