import type { NetworkAnalysis, NodeAnalysis } from '../analysis/types';
import { expand } from '../document/expand';
import type { Expansion } from '../document/expansion';
import type { Shape } from '../layers/define';
import type { DrawnFamily } from './figure';
import { isMerge } from '../layers/traits';
import type { NetworkDocument } from '../schema/document';
import { text, type Language } from '../text';
import { describeOperation, nameOperations, plainOperation, type Operation } from './operation';

/** A map that is drawn: what a layer gives, with what treats each of its values alone, or a whole block. */
export type Volume = {
  /** The flat node whose output it is, or the path of a block's copy. */
  readonly id: string;
  /** All flat nodes that it stands for. */
  readonly nodes: readonly string[];
  /** `[height, width, channels]` or `[units]`; null where nothing is known. */
  readonly shape: Shape | null;
  readonly family: DrawnFamily;
  readonly operation: Operation;
  /** Halvings between it and the input. */
  readonly depth: number;
  /** How many equal blocks in a row it stands for. */
  readonly times: number;
  /** 'sum' has the shape of what it joins and is drawn as a sign; 'stack' as its parts, the first at the front. */
  readonly joins: 'sum' | 'stack' | null;
  /** Channels of each part of a stack; `isCopied` what comes along a skip. */
  readonly parts: readonly { readonly channels: number; readonly isCopied: boolean }[];
  /** The name that the user gave; empty without one. */
  readonly name: string;
};

/** A way from a map to another. */
export type Flow = {
  readonly from: string;
  readonly to: string;
  /** What is done on the way, if that is not what the volume at its end says. */
  readonly operation: Operation;
  /** Past other volumes: a copy, and what is done to it. */
  readonly isSkip: boolean;
  /** Flat nodes that it stands for. */
  readonly nodes: readonly string[];
};

/** A network as the figures of the papers show it. Volumes are in topological order; `spine` is the main path. */
export type VolumeGraph = {
  readonly volumes: readonly Volume[];
  readonly flows: readonly Flow[];
  readonly spine: ReadonlySet<string>;
};

/** More volumes than this are no figure: blocks are then drawn as one. */
const mostVolumes = 44;

/** A block's copy, which may be drawn as one volume. */
type Unit = { readonly path: string; readonly block: string };

/** Reads a network's maps. Total: nodes that do not compute are volumes whose size is not known. */
export function readVolumes(document: NetworkDocument, analysis: NetworkAnalysis): VolumeGraph {
  const expansion = expand(document);
  const units = unitsOf(expansion);
  const folded = new Set<string>();
  for (;;) {
    const graph = build(expansion, analysis, units, folded);
    const next = unitsToFold(graph, units, folded);
    if (next.length === 0) return gatherEqual(graph, units);
    for (const path of next) folded.add(path);
  }
}

/** Every copy of every block, outer ones first. */
function unitsOf({ instances }: Expansion): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>();
  for (const { id, block, repeat, from, to } of instances) {
    if (to <= from) continue;
    const paths = repeat === 1 ? [id] : Array.from({ length: repeat }, (_, copy) => `${id}/${copy + 1}`);
    for (const path of paths) units.set(path, { path, block });
  }
  return units;
}

/** The units that a flat node is in, outermost first. */
function unitsAround(id: string, units: ReadonlyMap<string, Unit>): readonly Unit[] {
  const around: Unit[] = [];
  for (let at = id.indexOf('/'); at >= 0; at = id.indexOf('/', at + 1)) {
    const unit = units.get(id.slice(0, at));
    if (unit !== undefined) around.push(unit);
  }
  return around;
}

/** Blocks whose branches are no skips are folded; where there are too many volumes, those that merge, and at last the others. */
function unitsToFold(
  { volumes, spine }: VolumeGraph,
  units: ReadonlyMap<string, Unit>,
  folded: ReadonlySet<string>,
): readonly string[] {
  const around = (of: readonly Volume[]): readonly string[] => [
    ...new Set(of.flatMap(({ id }) => unitsAround(id, units).findLast(({ path }) => !folded.has(path))?.path ?? [])),
  ];
  const aside = around(volumes.filter(({ id }) => !spine.has(id)));
  if (aside.length > 0 || volumes.length <= mostVolumes) return aside;
  const merging = around(volumes.filter(({ joins }) => joins !== null));
  return merging.length > 0 ? merging : around(volumes);
}

/** A node of the graph while it is being read: a flat node, or a folded unit. */
type Draft = {
  readonly id: string;
  readonly nodes: string[];
  readonly layer: NodeAnalysis | undefined;
  readonly unit: Unit | null;
  readonly sources: string[];
};

function build(
  expansion: Expansion,
  analysis: NetworkAnalysis,
  units: ReadonlyMap<string, Unit>,
  folded: ReadonlySet<string>,
): VolumeGraph {
  const drafts = draftsOf(expansion, analysis, units, folded);
  const consumers = new Map<string, string[]>();
  for (const { id, sources } of drafts.values()) {
    for (const source of sources) consumers.set(source, [...(consumers.get(source) ?? []), id]);
  }
  const roles = assignRoles(drafts, consumers);
  const spine = spineOf(drafts, roles);
  markSideSteps(drafts, consumers, roles, spine);
  return assemble(drafts, roles, spine, namesOf(expansion));
}

/** The flat graph with folded units as one node each; wires that only give a size are left out. */
function draftsOf(
  { document }: Expansion,
  analysis: NetworkAnalysis,
  units: ReadonlyMap<string, Unit>,
  folded: ReadonlySet<string>,
): Map<string, Draft> {
  const ownerOf = (id: string): string => unitsAround(id, units).find(({ path }) => folded.has(path))?.path ?? id;
  const drafts = new Map<string, Draft>();
  for (const id of analysis.order) {
    const owner = ownerOf(id);
    const known = drafts.get(owner);
    if (known !== undefined) {
      known.nodes.push(id);
      // The output of a unit is its last node, and it stands behind all that its nodes read: a gate behind the signal that it waits for.
      drafts.delete(owner);
      drafts.set(owner, { ...known, layer: analysis.nodes.get(id) });
    } else {
      const unit = units.get(owner) ?? null;
      drafts.set(owner, { id: owner, nodes: [id], layer: analysis.nodes.get(id), unit, sources: [] });
    }
  }
  const seen = new Set(drafts.keys());
  const rank = new Map([...seen].map((id, index) => [id, index]));
  const edges = [...document.edges].sort((a, b) => (a.toPort ?? 0) - (b.toPort ?? 0));
  for (const { from, to, toPort } of edges) {
    const { inputs } = analysis.nodes.get(to)?.definition ?? {};
    if (inputs?.arity === 'fixed' && inputs.ports[toPort ?? 0]?.givesSize === true) continue;
    const [source, target] = [ownerOf(from), drafts.get(ownerOf(to))];
    if (target === undefined || source === target.id || target.sources.includes(source)) continue;
    // A wire against the order closes a cycle.
    if ((rank.get(source) ?? Infinity) < (rank.get(target.id) ?? -1)) target.sources.push(source);
  }
  return drafts;
}

/** Where a draft goes: into a volume of its own, into its source's, or onto the way to its consumer. */
type Role = 'volume' | 'absorbed' | 'step';

/** The nodes of the main path, each with the one before it. */
type Spine = ReadonlyMap<string, string | null>;

function assignRoles(
  drafts: ReadonlyMap<string, Draft>,
  consumers: ReadonlyMap<string, readonly string[]>,
): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const [id, { layer, unit, sources }] of drafts) {
    const definition = layer?.definition;
    const [next, ...others] = consumers.get(id) ?? [];
    const isSingle = sources.length === 1 && next !== undefined && others.length === 0;
    if (unit !== null || definition == null) roles.set(id, 'volume');
    else if (sources.length === 1 && keepsMap(layer)) roles.set(id, 'absorbed');
    else if (isSingle && definition.family === 'shape') roles.set(id, 'step');
    // What is enlarged only to be stacked is drawn as its part of the stack.
    else if (isSingle && definition.traits.enlarges === true && stacks(drafts.get(next)?.layer)) roles.set(id, 'step');
    else roles.set(id, 'volume');
  }
  return roles;
}

/** Whether a layer's map is its input's, treated value by value or read as a list. */
function keepsMap(layer: NodeAnalysis | undefined): boolean {
  const traits = layer?.definition?.traits;
  return traits?.isPointwise === true || traits?.role === 'flattening' || layer?.definition?.family === 'norm';
}

/** Whether a merge puts channels on each other rather than adding values. */
function stacks(layer: NodeAnalysis | undefined): boolean {
  if (layer === undefined || !isMerge(layer.definition)) return false;
  const channels = layer.outputShape?.at(-1);
  return layer.inputShapes.some((shape) => shape?.at(-1) !== channels);
}

/** The main path: back from the last node, at every merge along the longest way. Gives each of its nodes the one before it. */
function spineOf(drafts: ReadonlyMap<string, Draft>, roles: ReadonlyMap<string, Role>): Spine {
  const lengths = new Map<string, number>();
  let last: Draft | undefined;
  for (const draft of drafts.values()) {
    const before = Math.max(0, ...draft.sources.map((source) => lengths.get(source) ?? 0));
    const length = before + (roles.get(draft.id) === 'absorbed' ? 0 : 1);
    lengths.set(draft.id, length);
    if (last === undefined || length >= (lengths.get(last.id) ?? 0)) last = draft;
  }
  const spine = new Map<string, string | null>();
  for (let at = last; at !== undefined;) {
    const [first = null, ...others] = at.sources;
    const length = (id: string | null): number => lengths.get(id ?? '') ?? 0;
    const longest = others.reduce((best, id) => (length(id) > length(best) ? id : best), first);
    spine.set(at.id, longest);
    at = drafts.get(longest ?? '');
  }
  return spine;
}

/** A single map beside the main path, between it and a merge, is part of the skip: a 1×1 conv on a shortcut, a score of FCN. */
function markSideSteps(
  drafts: ReadonlyMap<string, Draft>,
  consumers: ReadonlyMap<string, readonly string[]>,
  roles: Map<string, Role>,
  spine: Spine,
): void {
  const isReal = (id: string): boolean => roles.get(id) === 'volume' && !spine.has(id);
  for (const [id, { sources, unit }] of drafts) {
    if (!isReal(id) || unit !== null || sources.length !== 1) continue;
    const above = walk(
      id,
      (at) => (drafts.get(at)?.sources.length === 1 ? drafts.get(at)?.sources[0] : undefined),
      roles,
    );
    const below = walk(id, (at) => (consumers.get(at)?.length === 1 ? consumers.get(at)?.[0] : undefined), roles);
    if (above === undefined || below === undefined || !spine.has(above) || !spine.has(below)) continue;
    if (isMerge(drafts.get(below)?.layer?.definition)) roles.set(id, 'step');
  }
}

/** The next volume one way, past what is no volume of its own. */
function walk(
  id: string,
  step: (id: string) => string | undefined,
  roles: ReadonlyMap<string, Role>,
): string | undefined {
  let at = step(id);
  while (at !== undefined && roles.get(at) !== 'volume') at = step(at);
  return at;
}

/** Labels of the user by flat id. */
function namesOf({ source, document }: Expansion): ReadonlyMap<string, string> {
  const labelled = [...document.nodes, ...source.nodes].flatMap(({ id, label }) =>
    label === undefined || label.trim() === '' ? [] : [[id, label] as const],
  );
  return new Map(labelled);
}

/** How a volume reaches a node: past the steps between. */
type Way = { readonly volume: string; readonly steps: readonly Draft[]; readonly isMain: boolean };

function assemble(
  drafts: ReadonlyMap<string, Draft>,
  roles: ReadonlyMap<string, Role>,
  spine: Spine,
  names: ReadonlyMap<string, string>,
): VolumeGraph {
  // By draft id: the volume that it is in, and the steps on the way from there.
  const origins = new Map<string, Omit<Way, 'isMain'>>();
  const members = new Map<string, Draft[]>();
  const pending: { readonly draft: Draft; readonly ways: readonly Way[] }[] = [];
  for (const draft of drafts.values()) {
    const main = spine.get(draft.id) ?? draft.sources[0];
    const ways = draft.sources.flatMap((source) => {
      const origin = origins.get(source);
      return origin === undefined ? [] : [{ ...origin, isMain: source === main }];
    });
    const [way] = ways;
    const role = roles.get(draft.id);
    if (role === 'volume' || way === undefined) {
      origins.set(draft.id, { volume: draft.id, steps: [] });
      members.set(draft.id, [draft]);
      pending.push({ draft, ways });
    } else if (role === 'absorbed' && way.steps.length === 0) {
      origins.set(draft.id, way);
      members.get(way.volume)?.push(draft);
    } else origins.set(draft.id, { volume: way.volume, steps: [...way.steps, draft] });
  }
  const depths = new Map<string, number>();
  const flows: Flow[] = [];
  const volumes = pending.map(({ draft, ways }): Volume => {
    const inside = members.get(draft.id) ?? [draft];
    const operation = operationOf(inside);
    for (const way of ways) flows.push(flowOf(way, draft, operation));
    const depth = depthOf(draft.layer) ?? Math.max(0, ...ways.map(({ volume }) => depths.get(volume) ?? 0));
    depths.set(draft.id, depth);
    const isStack = draft.unit === null && stacks(draft.layer);
    const isSum = draft.unit === null && isMerge(draft.layer?.definition) && !isStack;
    const nodes = inside.flatMap((one) => one.nodes);
    return {
      id: draft.id,
      nodes,
      shape: draft.layer?.knownShape ?? null,
      family: operation.family,
      operation,
      depth,
      times: 1,
      joins: isSum ? 'sum' : isStack ? 'stack' : null,
      parts: isStack ? stackParts(draft, ways) : [],
      name: [draft.unit?.path ?? '', ...nodes].map((id) => names.get(id) ?? '').find((name) => name !== '') ?? '',
    };
  });
  return { volumes, flows, spine: new Set(volumes.flatMap(({ id }) => (spine.has(id) ? [id] : []))) };
}

function operationOf(inside: readonly Draft[]): Operation {
  const [first, ...rest] = inside;
  if (first === undefined) return plainOperation(text('', ''), 'io');
  if (first.unit !== null) {
    const { block } = first.unit;
    return plainOperation(text(block, block), 'block');
  }
  if (first.layer === undefined) return plainOperation(text(first.id, first.id), 'io');
  return describeOperation(
    first.layer,
    rest.flatMap(({ layer }) => layer ?? []),
  );
}

/** Halvings between the input and a map, by how far apart its values are; undefined where it has no place in the picture. */
function depthOf(layer: NodeAnalysis | undefined): number | undefined {
  const field = layer?.receptiveField;
  return field == null || field.global ? undefined : Math.round(Math.log2(Math.max(field.jump[0], 1e-6)));
}

const copy = text('copy', '复制');
const shortcut = text('shortcut', '捷径');

function flowOf({ volume, steps, isMain }: Way, target: Draft, operation: Operation): Flow {
  const route = { from: volume, to: target.id, isSkip: !isMain, nodes: steps.flatMap((step) => step.nodes) };
  const shown = steps.flatMap(({ layer }) => (layer === undefined || keepsMap(layer) ? [] : [layer]));
  if (isMain) {
    const enlarging = shown.find(({ definition }) => definition?.traits.enlarges === true);
    return { ...route, operation: enlarging === undefined ? operation : describeOperation(enlarging, []) };
  }
  const words = shown.map((layer) => describeOperation(layer, []));
  const [first] = words;
  if (first === undefined) {
    return { ...route, operation: plainOperation(stacks(target.layer) ? copy : shortcut, 'io') };
  }
  // What only cuts a copy is told as one thing with it: copy and crop.
  const isCopy = first.family === 'shape';
  const names = (language: Language): readonly string[] => [
    ...(isCopy ? [copy[language]] : []),
    ...words.map((word) => nameOperations([word], language)),
  ];
  const label = text(names('en').join(' and '), names('zh').join('并'));
  return { ...route, operation: plainOperation(label, isCopy ? 'io' : first.family) };
}

function stackParts(draft: Draft, ways: readonly Way[]): Volume['parts'] {
  const parts = (draft.layer?.inputShapes ?? []).map((shape, index) => ({
    channels: shape?.at(-1) ?? 0,
    isCopied: ways[index]?.isMain === false,
  }));
  // As U-Net's figure has it: what was copied stands first, where its arrow ends.
  return parts.sort((a, b) => Number(b.isCopied) - Number(a.isCopied));
}

/** Equal folded blocks behind each other become one volume with a number. */
function gatherEqual({ volumes, flows, spine }: VolumeGraph, units: ReadonlyMap<string, Unit>): VolumeGraph {
  const into = new Map<string, string>();
  const kept: Volume[] = [];
  for (const volume of volumes) {
    const before = kept.at(-1);
    const isNext =
      before !== undefined &&
      units.get(volume.id) !== undefined &&
      units.get(volume.id)?.block === units.get(before.id)?.block &&
      String(volume.shape) === String(before.shape) &&
      flows.filter(({ to }) => to === volume.id).every(({ from }) => (into.get(from) ?? from) === before.id);
    if (!isNext) kept.push(volume);
    else {
      into.set(volume.id, before.id);
      kept[kept.length - 1] = { ...before, nodes: [...before.nodes, ...volume.nodes], times: before.times + 1 };
    }
  }
  const moved = flows.flatMap((flow) => {
    const [from, to] = [into.get(flow.from) ?? flow.from, into.get(flow.to) ?? flow.to];
    return from === to ? [] : [{ ...flow, from, to }];
  });
  return { volumes: kept, flows: moved, spine: new Set(kept.flatMap(({ id }) => (spine.has(id) ? [id] : []))) };
}
