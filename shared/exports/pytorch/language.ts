import type { NetworkAnalysis } from '../../analysis/types';
import type { Shape } from '../../layers/define';
import type { NetworkDocument } from '../../schema/document';
import { printNodeBy, type CodeLanguage } from '../code/language';
import { pythonProduct, pythonType, tupleOf } from '../python/literals';
import { className, networkClass, pythonNames, snakeCase } from '../python/names';
import { planFlattening } from '../../compile/flattening';
import { printers } from './kinds';
import { helperNames } from './layers';

/** Attributes of every `nn.Module`, which no layer of a network may take the place of. */
const moduleAttributes = [
  ...'add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval'.split(' '),
  ...'extra_repr forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia'.split(
    ' ',
  ),
  ...'named_buffers named_children named_modules named_parameters parameters register_buffer register_module'.split(
    ' ',
  ),
  ...'register_parameter requires_grad_ set_extra_state set_submodule share_memory state_dict T_destination to to_empty'.split(
    ' ',
  ),
  ...'train training xpu zero_grad'.split(' '),
];

/** PyTorch for a flat network, channels first. */
export function pytorchLanguage(document: NetworkDocument, analysis: NetworkAnalysis): CodeLanguage {
  const { flattens, maps } = planFlattening(document, analysis);
  return {
    ownNames: [
      'x',
      'y',
      'torch',
      'nn',
      'F',
      'Tensor',
      'build_model',
      ...pythonNames,
      ...moduleAttributes,
      ...helperNames,
    ],
    ownParams: ['self', 'torch', 'nn', 'F', 'Tensor', ...pythonNames, ...helperNames],
    paramName: snakeCase,
    paramSuffix: null,
    product: pythonProduct,
    printNode: (node) =>
      printNodeBy(printers, node, {
        flattened: maps.get(node.node.id) ?? null,
        order: flattens.has(node.node.id) ? 'torch' : 'convloom',
      }),
    printInput: () => ({ callee: '', fields: [] }),
    shapeText,
    typeOf: (values) => pythonType(values, 'nn.Module'),
    // What is made in a default is made once for all.
    canBeDefault: (value) => !value.startsWith('nn.'),
    functionName: className,
    mainName: networkClass(document.name),
    optionalCallee: '',
  };
}

/** Channels first, as PyTorch shows it. */
export function shapeText(shape: Shape): string {
  const [height, width, channels] = shape;
  const turned = shape.length === 3 ? [channels, height, width] : shape;
  return tupleOf(turned.map((size) => (size == null ? '?' : String(size))));
}
