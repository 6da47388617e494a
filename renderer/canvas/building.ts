import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import { findNode } from '../../shared/analysis/blocks';
import { shapeBehind } from '../../shared/editing/fit';
import { replaceEdits } from '../../shared/editing/replace';
import { chainEdits } from '../../shared/editing/sketch/edits';
import type { SketchedLayer } from '../../shared/editing/sketch/layer';
import { looksLikeSketch, parseSketch } from '../../shared/editing/sketch/parse';
import { layers } from '../../shared/layers';
import type { Shape } from '../../shared/layers/define';
import { paramsOfChoice, searchLayers, titleOfChoice, type LayerChoice } from '../../shared/layers/names';
import { isInput, isMerge } from '../../shared/layers/traits';
import { layoutCell } from '../../shared/layout/layoutNetwork';
import type { NetworkEdge, Position } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { useUi } from '../store/ui';
import { notifyDiagnostics } from '../ui/notify';
import { insertionPoint, snap } from './actions';
import { announce } from './announce';
import { nodeHeight, nodeWidth } from './geometry';
import { pointedPlace } from './pointer';
import { editLabel, titleById } from './speech';
import { focusNode, keepAllInView, goToNode, seesAll } from './view';
import type { WireStart } from './wiring';
import { displacedBy, edgeBetween } from './wiring';

/** Where layers are built on: from a wire's end, in place of a node, or behind the selection; else at a place of the canvas. */
export type BuildSite = {
  readonly from: WireStart | null;
  readonly replaces: string | null;
  readonly place: Position | null;
};

/** A layer that a search offers, with the reason why it does not fit where it would stand; null where it fits or nothing is known. */
export type Offer = { readonly choice: LayerChoice; readonly misfit: Diagnostic | null };

/** What typed words offer: a chain that they sketch, else layers of that name, else what is wrong with the sketch. */
export type Offers = {
  readonly chain: readonly SketchedLayer[] | null;
  readonly layers: readonly Offer[];
  readonly mistake: Diagnostic | null;
};

function words() {
  return messages('building', useUi.getState().language);
}

/** The only selected node. */
function selectedNode(session: Session): string | null {
  const { selection } = session.project.getState();
  const [only] = selection;
  return selection.size === 1 && only !== undefined ? only : null;
}

/** The shape that a layer would get at a site; undefined where nothing would feed it. */
function incomingShape(session: Session, { from, replaces }: BuildSite): Shape | null | undefined {
  const { analysis } = session.project.getState();
  if (replaces !== null) return findNode(analysis, replaces)?.inputShapes[0] ?? null;
  if (from !== null && from.port !== 'output') return undefined;
  const source = from?.nodeId ?? selectedNode(session);
  return source === null ? undefined : (findNode(analysis, source)?.knownShape ?? null);
}

/** What words offer at a site: what fits first, each in the order that the search found it. */
export function offersFor(session: Session, typed: string, site: BuildSite): Offers {
  const shape = incomingShape(session, site);
  const found = searchLayers(layers, typed).map((choice): Offer => {
    const fit = shape === undefined ? null : shapeBehind(choice, shape);
    return { choice, misfit: fit === null || fit.ok ? null : (fit.diagnostics[0] ?? null) };
  });
  const offered = [...found.filter(({ misfit }) => misfit === null), ...found.filter(({ misfit }) => misfit !== null)];
  const sketched: Result<readonly SketchedLayer[]> | null = offered.length > 0 ? null : parseSketch(typed);
  return {
    chain: sketched?.ok === true ? sketched.value : null,
    layers: offered,
    mistake: sketched?.ok === false ? (sketched.diagnostics[0] ?? null) : null,
  };
}

/** A chosen layer as a chain of one. */
function chainOf(choice: LayerChoice): readonly SketchedLayer[] {
  return [{ definition: choice.definition, params: paramsOfChoice(choice), at: 0 }];
}

/** Builds the layer that was chosen. */
export function buildChoice(session: Session, choice: LayerChoice, site: BuildSite): void {
  if (site.replaces !== null) replaceNode(session, site.replaces, choice);
  else buildChain(session, chainOf(choice), site);
}

/** Builds a chain; in place of a node, its first layer takes that place and the others follow. */
export function buildChain(session: Session, chain: readonly SketchedLayer[], site: BuildSite): void {
  const { replaces } = site;
  const { document } = session.project.getState();
  const [first, ...rest] = chain;
  if (first === undefined) return;
  const isMerging = chain.length === 1 && isMerge(first.definition);
  if (replaces !== null) {
    const { edits, ids } = chainEdits(document, rest, replaces);
    const replacing = replaceEdits(document, replaces, first);
    build(session, chain, [...replacing, ...edits], ids.at(-1) ?? replaces);
  } else if (site.from !== null) buildOnWire(session, chain, site.from, site.place);
  else if (isMerging && session.project.getState().selection.size > 1) mergeSelection(session, chain);
  else buildBehind(session, chain, site.place);
}

/** At the end of a wire that was pulled from a port. */
function buildOnWire(session: Session, chain: readonly SketchedLayer[], from: WireStart, place: Position | null): void {
  const { edits, ids } = chainEdits(session.project.getState().document, chain, null);
  const [first = ''] = ids;
  const last = ids.at(-1) ?? first;
  const isForward = from.port === 'output';
  const takesWire = !isForward || !isInput(chain[0]?.definition);
  const edge = edgeBetween(from, isForward ? { nodeId: first, port: 0 } : { nodeId: last, port: 'output' });
  const wired: Edit[] =
    edge !== null && takesWire ? [...disconnects(displacedBy(session, edge)), { type: 'connect', edge }] : [];
  const corner = place && {
    x: isForward ? place.x : place.x - nodeWidth - (chain.length - 1) * layoutCell.pitchX,
    y: place.y - nodeHeight(1) / 2,
  };
  build(session, chain, [...placed(edits, corner), ...wired], last);
}

function disconnects(edges: readonly NetworkEdge[]): readonly Edit[] {
  return edges.map((edge) => ({ type: 'disconnect', edge }));
}

/** A merge of all that is selected. */
function mergeSelection(session: Session, chain: readonly SketchedLayer[]): void {
  const { document, selection } = session.project.getState();
  const { edits, ids } = chainEdits(document, chain, null);
  const [to = ''] = ids;
  const sources = document.nodes.filter(({ id }) => selection.has(id));
  const wires = sources.map(({ id: from }, port): Edit => ({
    type: 'connect',
    edge: port === 0 ? { from, to } : { from, to, toPort: port },
  }));
  build(session, chain, [...edits, ...wires], to);
}

/** Behind the only selected node; with nothing selected at the place that is pointed at, else behind the network's only output. */
function buildBehind(session: Session, chain: readonly SketchedLayer[], place: Position | null): void {
  const { document } = session.project.getState();
  const behind = selectedNode(session) ?? (place === null ? insertionPoint(session) : null);
  const after = isInput(chain[0]?.definition) ? null : behind;
  const { edits, ids } = chainEdits(document, chain, after);
  const corner =
    after !== null || place === null ? null : { x: place.x - nodeWidth / 2, y: place.y - nodeHeight(1) / 2 };
  build(session, chain, placed(edits, corner), ids.at(-1) ?? null);
}

/** The edits with the new nodes side by side from a corner on. */
function placed(edits: readonly Edit[], corner: Position | null): readonly Edit[] {
  if (corner === null) return edits;
  return edits.map((edit, index): Edit => {
    if (edit.type !== 'addNode' && edit.type !== 'insertAfter') return edit;
    const position = snap({ x: corner.x + index * layoutCell.pitchX, y: corner.y });
    return { ...edit, node: { ...edit.node, position } };
  });
}

/** Applies the edits as one step, and goes on from the last layer. */
function build(session: Session, chain: readonly SketchedLayer[], edits: readonly Edit[], last: string | null): void {
  const [first] = chain;
  const label =
    chain.length === 1 && first
      ? editLabel('insertLabel', { layer: titleOfChoice(first) })
      : editLabel('sketchLabel', { count: chain.length });
  const sawAll = seesAll(session);
  const result = session.project.edit(label, edits);
  if (!result.ok) {
    notifyDiagnostics(result.diagnostics);
    return;
  }
  announce(session, fill(words().announceSketch, { count: chain.length }));
  if (last === null) return;
  session.project.select([last]);
  if (sawAll) {
    focusNode(session, last);
    keepAllInView(session);
  } else goToNode(session, last);
}

/** Puts another layer in a node's place. */
export function replaceNode(session: Session, id: string, choice: LayerChoice): void {
  const { document, analysis } = session.project.getState();
  const values = { node: titleById(document, analysis, id), layer: titleOfChoice(choice) };
  const result = session.project.edit(editLabel('replaceLabel', values), replaceEdits(document, id, choice));
  if (!result.ok) {
    notifyDiagnostics(result.diagnostics);
    return;
  }
  session.project.select([id]);
  focusNode(session, id);
  const { language } = useUi.getState();
  announce(session, fill(words().announceReplaced, { node: values.node[language], layer: values.layer[language] }));
}

/** Builds a pasted sketch behind the selection, or where the user points. True when the text was one, right or wrong. */
export function pasteSketch(session: Session, source: string, by: 'pointer' | 'menu'): boolean {
  if (!looksLikeSketch(source)) return false;
  const chain = parseSketch(source);
  const isEmpty = session.project.getState().document.nodes.length === 0;
  // The first chain is laid out as a whole.
  const place = isEmpty ? null : pointedPlace(session, by);
  if (chain.ok) buildChain(session, chain.value, { from: null, replaces: null, place });
  else notifyDiagnostics(chain.diagnostics);
  return true;
}
