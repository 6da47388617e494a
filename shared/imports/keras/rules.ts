import { findLayer } from '../../layers';
import type { Json } from '../../schema/document';
import { isList } from './config';
import type { FoldGraph, FoldNode, Rule } from './fold';

/** Numbers that went through a file in few digits are the same. */
function isClose(a: unknown, b: number): boolean {
  return typeof a === 'number' && Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
}

/** A Scale of two fixed numbers for all values. */
function fixedScale(node: FoldNode | undefined): { readonly scale: number; readonly shift: number } | null {
  if (node?.kind !== 'scale' || (node.params['learned'] ?? false) !== false) return null;
  const [scale, shift] = [node.params['scale'] ?? 1, node.params['shift'] ?? 0];
  return typeof scale === 'number' && typeof shift === 'number' ? { scale, shift } : null;
}

function isActivation(node: FoldNode | undefined, name: string): node is FoldNode {
  return node?.kind === 'activation' && node.params['function'] === name;
}

/** Whether a node is a part of another by the names that the exports of Convloom give: `conv1__padded` belongs to `conv1`. */
function isPart(part: FoldNode | undefined, suffix: RegExp, of: FoldNode): part is FoldNode {
  if (part === undefined || !part.id.startsWith(`${of.id}__`)) return false;
  return suffix.test(part.id.slice(of.id.length + 2));
}

function without(params: FoldNode['params'], names: readonly string[]): FoldNode['params'] {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
}

function side(node: FoldNode, name: string): number {
  return Number(node.params[name] ?? 0);
}

/** Four sides as a document writes them: one number where all are alike. */
function sides(node: FoldNode): Json {
  const [top = 0, bottom = 0, left = 0, right = 0] = ['top', 'bottom', 'left', 'right'].map((name) => side(node, name));
  if (top !== bottom || left !== right) return [top, bottom, left, right];
  return top === left ? top : [top, left];
}

/** Zeros in front of a window. */
const paddedWindow: Rule = (graph, node) => {
  const pad = graph.source(node);
  if (!isPart(pad, /^padded$/, node) || pad.kind !== 'pad') return false;
  const counts = node.kind === 'pool' && node.params['mode'] === 'avg' ? { countIncludePad: true } : {};
  node.params = { ...node.params, padding: sides(pad), ...counts };
  graph.remove(pad, node);
  return true;
};

const flattened: Rule = (graph, node) => {
  const flat = graph.source(node);
  if (node.kind !== 'fc' || !isPart(flat, /^flat$/, node) || flat.kind !== 'flatten') return false;
  graph.remove(flat, node);
  return true;
};

/** Lists that met a map as maps of one position. */
const asMap: Rule = (graph, node) => {
  const lists = node.from.map((id) => graph.node(id)).filter((from) => isPart(from, /^map\d+$/, node));
  for (const list of lists) if (graph.readers(list.id).length === 1) graph.remove(list, node);
  return lists.length > 0;
};

/** What an up-convolution gives too much. */
const croppedUpconv: Rule = (graph, node) => {
  const upconv = graph.source(node);
  if (upconv?.kind !== 'upconv' || node.kind !== 'crop' || !isPart(node, /^cropped$/, upconv)) return false;
  const extra = upconv.params['outputPadding'] ?? 0;
  const [rows = 0, columns = 0] = isList(extra) ? extra : [extra, extra];
  // Rows that its last windows left out are taken off again first.
  const ends = [side(node, 'bottom') - Number(rows), side(node, 'right') - Number(columns)];
  const [bottom = 0, right = 0] = ends.map((end) => Math.max(end, 0));
  const open = ends.map((end) => Math.max(-end, 0));
  const padding = sides({ ...node, params: { ...node.params, bottom, right } });
  const [more = 0, wider = 0] = open;
  const outputPadding: Json = more === wider ? more : [more, wider];
  upconv.params = {
    ...without(upconv.params, ['outputPadding', 'padding']),
    ...(padding === 0 ? {} : { padding }),
    ...(outputPadding === 0 ? {} : { outputPadding }),
  };
  graph.remove(node, upconv);
  return true;
};

/** An activation that the layer before it applies itself here. */
const ownActivation: Rule = (graph, node) => {
  const layer = graph.source(node);
  const name = node.params['function'];
  if (layer === undefined || node.kind !== 'activation' || typeof name !== 'string') return false;
  // Of groups that are convolutions side by side, the last layer is a concatenation.
  if (!Object.hasOwn(findLayer(layer.kind)?.params ?? {}, 'activation')) return false;
  if (!isPart(node, /^activation$/, layer) || (layer.params['activation'] ?? 'linear') !== 'linear') return false;
  layer.params = { ...layer.params, activation: name };
  graph.remove(node, layer);
  return true;
};

const keptDims: Rule = (graph, node) => {
  const gap = graph.source(node);
  if (gap?.kind !== 'gap' || node.kind !== 'reshape' || !isPart(node, /^kept$/, gap)) return false;
  gap.params = { ...gap.params, keepDims: true };
  graph.remove(node, gap);
  return true;
};

/** Two Scales that undo each other. */
const undone: Rule = (graph, node) => {
  const before = graph.source(node);
  const [first, second] = [fixedScale(before), fixedScale(node)];
  const [reader] = graph.readers(node.id);
  if (before === undefined || first === null || second === null || reader === undefined) return false;
  if (first.shift !== 0 || second.shift !== 0 || !isClose(first.scale * second.scale, 1)) return false;
  graph.remove(before, reader);
  graph.remove(node, reader);
  return true;
};

/** min(max(0, x + 3), 6) / 6, as MobileNetV3 is written in layers. */
const hardSigmoid: Rule = (graph, node) => {
  const bounded = graph.source(node);
  const raised = isActivation(bounded, 'relu6') ? graph.source(bounded) : undefined;
  const [first, last] = [fixedScale(raised), fixedScale(node)];
  if (bounded === undefined || raised === undefined || first === null || last === null) return false;
  if (first.scale !== 1 || !isClose(first.shift, 3) || last.shift !== 0 || !isClose(last.scale, 1 / 6)) return false;
  node.kind = 'activation';
  node.params = { function: 'hardsigmoid' };
  graph.remove(bounded, node);
  graph.remove(raised, node);
  return true;
};

/** x · hard sigmoid of x. */
const hardSwish: Rule = (graph, node) => {
  if (node.kind !== 'multiply' || node.from.length !== 2) return false;
  const gates = node.from.map((id) => graph.node(id));
  const gate = gates.find((one) => isActivation(one, 'hardsigmoid'));
  const other = node.from.find((id) => id !== gate?.id);
  if (gate === undefined || other === undefined || gate.from[0] !== other || graph.readers(gate.id).length > 1)
    return false;
  graph.remove(gate, node);
  node.kind = 'activation';
  node.params = { function: 'hardswish' };
  node.from = [other];
  return true;
};

/** a + (−1)·b */
const subtraction: Rule = (graph, node) => {
  const [a, b, ...others] = node.from;
  const negative = graph.node(b);
  const scale = fixedScale(negative);
  if (node.kind !== 'add' || a === undefined || negative === undefined || others.length > 0) return false;
  if (scale?.scale !== -1 || scale.shift !== 0 || graph.readers(negative.id).length > 1) return false;
  if (JSON.stringify(graph.shape(a)) !== JSON.stringify(graph.shape(b))) return false;
  node.kind = 'merge';
  node.params = { mode: 'subtract' };
  graph.remove(negative, node);
  return true;
};

function isTurn(node: FoldNode | undefined, order: string): node is FoldNode {
  return node?.kind === 'permute' && JSON.stringify(node.params['order']) === order;
}

/** Channels cut as columns of a turned map. */
const slicedMap: Rule = (graph, node) => {
  if (!isTurn(node, '[1,3,2]')) return false;
  const cut = graph.source(node);
  const turned = cut?.kind === 'crop' && cut.from.length === 1 ? graph.node(cut.from[0]) : undefined;
  if (cut === undefined || !isTurn(turned, '[1,3,2]') || side(cut, 'top') + side(cut, 'bottom') > 0) return false;
  return slice(graph, node, cut, turned);
};

/** Values of a list cut as columns of a map of one row. */
const slicedList: Rule = (graph, node) => {
  const cut = node.kind === 'flatten' ? graph.source(node) : undefined;
  const map = cut?.kind === 'crop' && cut.from.length === 1 ? graph.node(cut.from[0]) : undefined;
  if (cut === undefined || map?.kind !== 'reshape' || side(cut, 'top') + side(cut, 'bottom') > 0) return false;
  const [height, , channels] = graph.shape(map.id);
  if (graph.shape(map.from[0]).length !== 1 || height !== 1 || channels !== 1) return false;
  return slice(graph, node, cut, map);
};

function slice(graph: FoldGraph, node: FoldNode, cut: FoldNode, before: FoldNode): boolean {
  const length = graph.shape(before.from[0]).at(-1) ?? null;
  if (length === null) return false;
  const [from, to] = [side(cut, 'left'), length - side(cut, 'right')];
  node.kind = 'slice';
  node.params = { ...(from === 0 ? {} : { from }), ...(to === length ? {} : { to }) };
  graph.remove(cut, node);
  if (graph.readers(before.id).length === 1) graph.remove(before, node);
  else node.from = before.from;
  return true;
}

/** Channels as a table of groups, turned. */
const shuffled: Rule = (graph, node) => {
  const mixed = node.kind === 'reshape' ? graph.source(node) : undefined;
  const grid = isTurn(mixed, '[1,3,2]') ? graph.source(mixed) : undefined;
  if (mixed === undefined || grid?.kind !== 'reshape') return false;
  const [given, table] = [graph.shape(grid.from[0]), graph.shape(grid.id)];
  const groups = table[1];
  const isWhole = JSON.stringify(given) === JSON.stringify(graph.shape(node.id));
  if (!isWhole || typeof groups !== 'number' || groups * (table[2] ?? 0) !== given.at(-1)) return false;
  node.kind = 'shuffle';
  node.params = { groups };
  graph.remove(mixed, node);
  graph.remove(grid, node);
  return true;
};

/** Zeros around a map that was lowered by a number, and raised again. */
const constantPad: Rule = (graph, node) => {
  const pad = graph.source(node);
  const lowered = pad?.kind === 'pad' && (pad.params['mode'] ?? 'zero') === 'zero' ? graph.source(pad) : undefined;
  const [first, last] = [fixedScale(lowered), fixedScale(node)];
  if (pad === undefined || lowered === undefined || first === null || last === null) return false;
  if (first.scale !== 1 || last.scale !== 1 || last.shift === 0 || !isClose(first.shift, -last.shift)) return false;
  node.kind = 'pad';
  node.params = { ...pad.params, mode: 'constant', value: last.shift };
  graph.remove(pad, node);
  graph.remove(lowered, node);
  return true;
};

/** A mean times the number of its values. */
const summed: Rule = (graph, node) => {
  const mean = graph.source(node);
  const scale = fixedScale(node);
  if (mean?.kind !== 'pool' || mean.params['mode'] !== 'avg' || scale === null || !isPart(mean, /^mean$/, node))
    return false;
  const size = mean.params['poolSize'] ?? 2;
  const [height = 1, width = 1] = isList(size) ? size : [size, size];
  if (scale.shift !== 0 || !isClose(scale.scale, Number(height) * Number(width))) return false;
  const pad = graph.source(mean);
  const isPadded = isPart(pad, /^padded$/, node) && pad.kind === 'pad';
  node.kind = 'pool';
  node.params = { ...mean.params, mode: 'sum', ...(isPadded ? { padding: sides(pad) } : {}) };
  graph.remove(mean, node);
  if (isPadded) graph.remove(pad, node);
  return true;
};

/** Each goes over the whole network before the next. */
export const rules: readonly Rule[] = [
  summed,
  paddedWindow,
  flattened,
  asMap,
  croppedUpconv,
  keptDims,
  undone,
  hardSigmoid,
  hardSwish,
  ownActivation,
  subtraction,
  slicedMap,
  slicedList,
  shuffled,
  constantPad,
];
