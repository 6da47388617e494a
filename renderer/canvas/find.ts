import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { findNode } from '../../shared/analysis/blocks';
import type { NetworkAnalysis, NodeAnalysis } from '../../shared/analysis/types';
import { blockNamed } from '../../shared/document/blocks';
import type { NetworkDocument, NetworkNode } from '../../shared/schema/document';
import type { Session } from '../session';
import { sessionPart, useSession } from '../session';
import { focusCanvas, revealNode } from './view';
import { nodeTitle } from './speech';

/** Words that a node is found by: its names, its kind, and what else the kind is called. */
function namesOf(node: NetworkNode, analysis: NodeAnalysis | undefined): readonly string[] {
  const title = nodeTitle(node, analysis);
  const { definition } = analysis ?? {};
  const kinds = definition ? [definition.label.en, definition.label.zh, ...(definition.synonyms ?? [])] : [];
  return [node.id, node.kind, title.en, title.zh, blockNamed(node) ?? '', node.note ?? '', ...kinds].map((one) =>
    one.toLowerCase(),
  );
}

/** Sizes as they are typed: `28x28`, `28×28×1`, `[28, 28]`. Null for anything else. */
function sizesIn(word: string): readonly string[] | null {
  const sizes = word.replace(/^\[|\]$/g, '').split(/[x×*,]/);
  return sizes.every((size) => /^\d+(\.\d+)?$|^\?$/.test(size)) ? sizes : null;
}

/** True where one list stands in the other, side by side. */
function holds(list: readonly string[], part: readonly string[]): boolean {
  return list.some((_, at) => part.every((item, offset) => list[at + offset] === item));
}

function shapeHolds({ outputShape }: NodeAnalysis, sizes: readonly string[]): boolean {
  return (
    outputShape !== null &&
    holds(
      outputShape.map((size) => String(size ?? '?')),
      sizes,
    )
  );
}

/** True for a value as it is typed: 5 is a size of 5 × 5, too, and of a word its beginning is enough. */
function isValue(value: unknown, typed: string): boolean {
  if (Array.isArray(value)) {
    const items: readonly string[] = value.map((item: unknown) => String(item));
    const sizes = sizesIn(typed);
    if (sizes === null) return false;
    return sizes.length === 1 ? items.every((item) => item === sizes[0]) : items.join('×') === sizes.join('×');
  }
  if (typeof value === 'number') return Number(typed) === value && typed !== '';
  return typeof value === 'boolean'
    ? String(value) === typed
    : typeof value === 'string' && value.toLowerCase().startsWith(typed);
}

/** True for a node with such a param: `kernel 5`, `filters=64`, `步长 2`. */
function paramIs({ definition, params }: NodeAnalysis, name: string, typed: string): boolean {
  if (!definition || !params) return false;
  return Object.entries(definition.params).some(([key, { label }]) => {
    const names = [key, label.en, label.zh].map((one) => one.toLowerCase());
    return names.some((one) => one.startsWith(name)) && isValue(params[key], typed);
  });
}

function anyParamIs({ params }: NodeAnalysis, typed: string): boolean {
  return params !== null && Object.values(params).some((value) => typeof value !== 'string' && isValue(value, typed));
}

/** A query that names a param and its value; null for one that does not. */
function pairIn(query: string): readonly [name: string, value: string] | null {
  const found = /^(\D.*?)\s*[=:\s]\s*([^\s=:]+)$/.exec(query);
  const [, name, value] = found ?? [];
  return name === undefined || value === undefined ? null : [name, value];
}

/**
 * True for a node that a query finds: by param and value where it names both, else where each of its words is in a name of the node, or is
 * a size of its output or a number among its params. `query` is trimmed and in lower case.
 */
export function isFound(node: NetworkNode, analysis: NodeAnalysis | undefined, query: string): boolean {
  if (query === '') return false;
  const pair = pairIn(query);
  if (pair && analysis && paramIs(analysis, ...pair)) return true;
  const names = namesOf(node, analysis);
  if (names.some((name) => name.includes(query))) return true;
  return query.split(/\s+/).every((word) => {
    if (names.some((name) => name.includes(word))) return true;
    const sizes = sizesIn(word);
    return sizes !== null && analysis !== undefined && (shapeHolds(analysis, sizes) || anyParamIs(analysis, word));
  });
}

/** The nodes that a query finds, as values flow through them. */
export function findNodes(document: NetworkDocument, analysis: NetworkAnalysis, query: string): readonly string[] {
  const typed = query.trim().toLowerCase();
  const found = document.nodes.filter((node) => isFound(node, findNode(analysis, node.id), typed)).map(({ id }) => id);
  const rank = new Map(analysis.order.map((id, index) => [id, index]));
  const rankOf = (id: string): number => rank.get(id) ?? analysis.order.length;
  return found.sort((a, b) => rankOf(a) - rankOf(b));
}

/** What is being looked for. The matches are kept with it, and found anew when the network or the query changes. */
type FindState = {
  readonly isOpen: boolean;
  readonly query: string;
  readonly matches: ReadonlySet<string>;
  /** The match that is shown; null while there is none. */
  readonly current: string | null;
};

const closed: FindState = { isOpen: false, query: '', matches: new Set(), current: null };

function createFinding({ project }: Session) {
  const store = createStore<FindState>(() => closed);
  project.store.subscribe((state, previous) => {
    if (store.getState().isOpen && state.analysis !== previous.analysis) search(store.getState().query);
  });
  const search = (query: string): void => {
    const { document, analysis } = project.getState();
    const matches = new Set(findNodes(document, analysis, query));
    store.setState((state) => ({
      query,
      matches,
      current: state.current !== null && matches.has(state.current) ? state.current : ([...matches][0] ?? null),
    }));
  };
  return { store, search };
}

const findingOf = sessionPart(createFinding);

/** A value of what is being looked for in this component's session. */
export function useFinding<T>(selector: (state: FindState) => T): T {
  return useStore(findingOf(useSession()).store, selector);
}

/** Whether the find bar of a session is open. */
export function isFinding(session: Session): boolean {
  return findingOf(session).store.getState().isOpen;
}

/** Opens the find bar with what was looked for last. */
export function openFind(session: Session): void {
  const { store, search } = findingOf(session);
  store.setState({ isOpen: true });
  search(store.getState().query);
}

/** Closes the find bar; the match that was shown stays selected, and takes the keyboard. */
export function closeFind(session: Session): void {
  const { store } = findingOf(session);
  store.setState(({ query }) => ({ ...closed, query }));
  focusCanvas(session);
}

function show(session: Session, id: string | null): void {
  if (id === null) return;
  session.project.select([id]);
  revealNode(session, id);
}

/** Looks for something else, and shows the first match. */
export function searchFor(session: Session, query: string): void {
  const { store, search } = findingOf(session);
  search(query);
  show(session, store.getState().current);
}

/** Shows the match behind or before the one that is shown; behind the last comes the first. */
export function stepMatch(session: Session, by: 1 | -1): void {
  const { store } = findingOf(session);
  const { matches, current } = store.getState();
  const all = [...matches];
  const next = all.at((all.indexOf(current ?? '') + by) % Math.max(1, all.length)) ?? null;
  store.setState({ current: next });
  show(session, next);
}

/** Selects all matches, and goes on from there. */
export function selectMatches(session: Session): void {
  const { matches } = findingOf(session).store.getState();
  if (matches.size === 0) return;
  closeFind(session);
  session.project.select(matches);
}
