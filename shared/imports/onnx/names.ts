import type { OnnxNode } from './model';

/** The last word of a weight's name says which of a layer's weights it is, not which layer. */
const weightWords =
  /[./](weight|bias|kernel|gamma|beta|running_mean|running_var|moving_mean|moving_variance|w|b)(:\d+)?$/i;

/** What exporters put around a whole model, and no part of its name. */
const outerWords = /^(StatefulPartitionedCall|PartitionedCall|model|functional(_\d+)?|sequential(_\d+)?|main_graph)$/i;

/** A name that a person would give to what an operator becomes: the module that it was, by its weights or its path. */
export function layerName(node: OnnxNode, weight: string | null): string {
  if (weight !== null && weightWords.test(weight)) return weight.replace(weightWords, '');
  const operation = node.op.toLowerCase();
  const path = moduleOf(node);
  if (path === '') return isGiven(node) ? node.name : (weight ?? operation);
  const last = path.split('.').at(-1)?.toLowerCase() ?? '';
  return last.includes(operation) || weight !== null ? path : `${path}.${operation}`;
}

/** The path of the module that an operator is a part of; empty where the file does not say. */
export function moduleOf({ scopes, name }: OnnxNode): string {
  return scopes.slice(0, -1).findLast((scope) => scope !== '') ?? pathOf(name);
}

/** Whether a later path is of the same module as a first: exporters of PyTorch count its calls, as in `norm`, `norm_1`, or `norm@1`. */
export function isSameModule(first: string, later: string): boolean {
  const [parts, others] = [first.split('.'), later.split('.')];
  return (
    parts.length === others.length &&
    parts.every((part, at) => {
      const other = others[at] ?? '';
      return other === part || (other.startsWith(part) && /^[_@]\d+$/.test(other.slice(part.length)));
    })
  );
}

/** Names that exporters count out: `Relu_12`, `node_relu_3`, `n5`. */
const countedOut = /^(node|op|n)_|^n?\d+$/i;

/** Whether an operator has a name of its own that says more than what it is. */
function isGiven({ name, op }: OnnxNode): boolean {
  const isPlain = /^[A-Za-z][\w-]*$/.test(name);
  return isPlain && !countedOut.test(name) && !name.toLowerCase().startsWith(op.toLowerCase());
}

/** `/layer1/layer1.0/conv1/Conv` is layer1.0.conv1: each part of the path may repeat all before it. */
function pathOf(name: string): string {
  const parts = name.split('/').filter((part) => part !== '');
  if (parts.length < 2) return '';
  return parts
    .slice(0, -1)
    .filter((part) => !outerWords.test(part))
    .reduce((path, part) => (path === '' || part.startsWith(`${path}.`) ? part : `${path}.${part}`), '');
}

/** What the report calls an operator. */
export function partName(node: OnnxNode): string {
  return node.name !== '' ? node.name : (node.outputs.find((output) => output !== '') ?? node.op);
}
