import {
  emptySketch,
  inputInsideSketch,
  sketchTooDeep,
  sketchTooLong,
  unclosedInSketch,
  unexpectedSketchSign,
} from '../../diagnostics/catalog/sketch';
import { failure, success, type Result } from '../../diagnostics/diagnostic';
import { builtInLayers } from '../../layers';
import type { LayerRegistry } from '../../layers/registry';
import { isInput } from '../../layers/traits';
import { readLayer, type SketchedLayer, type Word } from './layer';
import { readTokens, type Token } from './tokens';

/** Most layers of a sketch, repetitions counted. */
export const mostSketchLayers = 1000;

/** Most brackets inside each other. */
const mostDepth = 32;

type Layers = Result<readonly SketchedLayer[]>;

/** Goes through the tokens once. */
class Reader {
  private next = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly registry: LayerRegistry,
  ) {}

  peek(): Token {
    const token = this.tokens[this.next];
    if (token === undefined) throw new Error('A sketch was read beyond its end.');
    return token;
  }

  take(): Token {
    const token = this.peek();
    if (token.type !== 'end') this.next += 1;
    return token;
  }

  /** Items up to the end of the sketch or of a bracket. More commas than needed part nothing. */
  items(depth: number): Layers {
    const layers: SketchedLayer[] = [];
    const { at } = this.peek();
    for (;;) {
      while (this.peek().type === 'comma') this.take();
      const { type } = this.peek();
      if (type === 'end' || type === 'close') break;
      const item = this.item(depth);
      if (!item.ok) return item;
      layers.push(...item.value);
      if (layers.length > mostSketchLayers) return failure(sketchTooLong(at, mostSketchLayers));
      const after = this.peek();
      if (after.type !== 'comma' && after.type !== 'end' && after.type !== 'close') {
        return failure(unexpectedSketchSign(after.at, after.text));
      }
    }
    return layers.length === 0 ? failure(emptySketch(at)) : success(layers);
  }

  /** One layer, or a group in brackets, as often as the count before it says. */
  private item(depth: number): Layers {
    const first = this.peek();
    if (first.type !== 'times') return this.single(depth);
    this.take();
    if (first.count < 1) return failure(unexpectedSketchSign(first.at, first.text));
    const repeated = this.single(depth);
    if (!repeated.ok) return repeated;
    const { value } = repeated;
    if (first.count * value.length > mostSketchLayers) return failure(sketchTooLong(first.at, mostSketchLayers));
    return success(Array.from({ length: first.count }, () => value).flat());
  }

  private single(depth: number): Layers {
    const first = this.peek();
    if (first.type !== 'open') return this.layer();
    this.take();
    if (depth >= mostDepth) return failure(sketchTooDeep(first.at, mostDepth));
    const inner = this.items(depth + 1);
    if (!inner.ok) return inner;
    const last = this.take();
    return last.type === 'close' ? inner : failure(unclosedInSketch(first.at, first.text, ')'));
  }

  private layer(): Layers {
    const words: Word[] = [];
    const labels: Token[] = [];
    while (this.peek().type === 'word' || this.peek().type === 'label') {
      const token = this.take();
      (token.type === 'label' ? labels : words).push(token);
    }
    const [label, second] = labels;
    const unexpected = words.length === 0 ? (label ?? this.peek()) : second;
    if (unexpected !== undefined) return failure(unexpectedSketchSign(unexpected.at, unexpected.text));
    const read = readLayer(words, label?.text, this.registry);
    return read.ok ? success([read.value]) : read;
  }
}

/**
 * Reads a sketch: layers with commas between them, each its name and what there is to say of it.
 * @example parseSketch('conv 20 5, maxpool, 2x(conv 50 3 same, relu), fc 10')
 */
export function parseSketch(source: string, registry: LayerRegistry = builtInLayers): Layers {
  const tokens = readTokens(source);
  if (!tokens.ok) return tokens;
  const reader = new Reader(tokens.value, registry);
  const layers = reader.items(0);
  if (!layers.ok) return layers;
  const rest = reader.peek();
  if (rest.type !== 'end') return failure(unexpectedSketchSign(rest.at, rest.text));
  const inside = layers.value.slice(1).find(({ definition }) => isInput(definition));
  return inside === undefined ? layers : failure(inputInsideSketch(inside.at, inside.definition.label));
}

/** Longer texts are never sketches: what is pasted may be anything. */
const longestSketch = 50_000;

/** Whether a text means to be a sketch, right or with slips: it is more than a word, and half of its parts or more are layers. */
export function looksLikeSketch(source: string, registry: LayerRegistry = builtInLayers): boolean {
  const tokens = source.length > longestSketch ? null : readTokens(source);
  if (tokens?.ok !== true) return false;
  const parts: Word[][] = [[]];
  for (const token of tokens.value) {
    if (token.type === 'word') parts.at(-1)?.push(token);
    else if (token.type !== 'label') parts.push([]);
  }
  const items = parts.filter((words) => words.length > 0);
  const layers = items.filter((words) => readLayer(words, undefined, registry).ok);
  return items.flat().length > 1 && layers.length * 2 >= items.length;
}
