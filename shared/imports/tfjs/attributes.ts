import { text } from '../../text';
import { isList, isRecord, own, type JsonRecord } from '../keras/config';
import { damaged } from '../problem';

/** A node of TensorFlow's graph. */
export type GraphNode = {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes that it reads, without `:0`; control inputs are left out. */
  readonly inputs: readonly string[];
  readonly attributes: JsonRecord;
};

/** The nodes of a graph, whose names are told apart. */
export function readNodes(topology: JsonRecord): ReadonlyMap<string, GraphNode> {
  const listed = own(topology, 'node');
  if (!isList(listed)) damaged(text('its graph lists no nodes.', '其图没有列出节点。'));
  const nodes = new Map<string, GraphNode>();
  for (const given of listed) {
    const record = isRecord(given) ? given : {};
    const [name, op, inputs, attributes] = ['name', 'op', 'input', 'attr'].map((key) => own(record, key));
    if (typeof name !== 'string' || typeof op !== 'string') {
      damaged(text('a node of its graph has no name.', '其图中有节点没有名称。'));
    }
    if (nodes.has(name)) damaged(text('two nodes of its graph have the same name.', '其图中有两个节点同名。'));
    const names = isList(inputs) ? inputs.filter((input): input is string => typeof input === 'string') : [];
    nodes.set(name, {
      name,
      op,
      inputs: names.filter((input) => !input.startsWith('^')).map((input) => input.replace(/:0$/, '')),
      attributes: isRecord(attributes) ? attributes : {},
    });
  }
  return nodes;
}

function attribute({ attributes }: GraphNode, name: string): JsonRecord {
  const value = own(attributes, name);
  return isRecord(value) ? value : {};
}

/** Bytes of a message stand in its JSON as base64. */
function fromBase64(words: unknown): string {
  if (typeof words !== 'string') return '';
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let [bits, count, found] = [0, 0, ''];
  for (const character of words.replace(/=+$/, '')) {
    bits = ((bits << 6) | alphabet.indexOf(character)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    found += String.fromCharCode((bits >> count) & 0xff);
  }
  return found;
}

/** A word; empty where there is none. */
export function wordOf(node: GraphNode, name: string): string {
  return fromBase64(own(attribute(node, name), 's'));
}

export function wordsOf(node: GraphNode, name: string): readonly string[] {
  const list = own(attribute(node, name), 'list');
  const words = isRecord(list) ? own(list, 's') : undefined;
  return isList(words) ? words.map(fromBase64) : [];
}

/** A list of whole numbers, which stand in JSON as words. */
export function numbersOf(node: GraphNode, name: string): readonly number[] {
  const list = own(attribute(node, name), 'list');
  const numbers = isRecord(list) ? own(list, 'i') : undefined;
  return isList(numbers) ? numbers.map(Number) : [];
}

/** A whole number, which stands in JSON as a word. */
export function numberOf(node: GraphNode, name: string): number {
  return Number(own(attribute(node, name), 'i') ?? 0);
}

export function floatOf(node: GraphNode, name: string, standard: number): number {
  const value = own(attribute(node, name), 'f');
  return typeof value === 'number' ? value : standard;
}

export function flagOf(node: GraphNode, name: string): boolean {
  return own(attribute(node, name), 'b') === true;
}

/** The sizes of a placeholder, the batch first; null where one is open. */
export function dimensionsOf(node: GraphNode): readonly (number | null)[] | null {
  const shape = own(attribute(node, 'shape'), 'shape');
  const sizes = isRecord(shape) ? own(shape, 'dim') : undefined;
  if (!isList(sizes)) return null;
  return sizes.map((size) => {
    const value = isRecord(size) ? Number(own(size, 'size')) : NaN;
    return Number.isInteger(value) && value > 0 ? value : null;
  });
}
