import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import { useStore } from 'zustand';
import type { BlockStep, Level } from '../../shared/analysis/inside';
import { blockLevel, enterBlock, leaveBlock, outermostLevel } from '../../shared/analysis/inside';
import { findNode } from '../../shared/analysis/blocks';
import { success } from '../../shared/diagnostics/diagnostic';
import { applyEdits } from '../../shared/editing/applyEdits';
import type { NetworkDocument } from '../../shared/schema/document';
import { placeAll, placeNewNodes, withPositions } from '../canvas/placement';
import { useSession } from './context';
import { sessionPart } from './parts';
import type { Project, ProjectState } from './project';
import { isDirty } from './project';
import type { Session } from './session';
import { createView } from './view';

/** One of the levels that a session is open at, the network itself first, with the session that is about it alone. */
export type OpenLevel = Level & { readonly path: readonly BlockStep[]; readonly session: Session };

/**
 * Where in its blocks a session is. The inside of a block is a session of its own over the same history: what draws and edits a network
 * draws and edits a block, and what is about the network as a whole (its file, its run) asks the session that it belongs to.
 */
type Inside = {
  readonly store: Omit<StoreApi<State>, 'setState'>;
  readonly go: (path: readonly BlockStep[]) => void;
};

/** Never empty: the network itself, then each block that was gone into. */
type State = { readonly levels: readonly OpenLevel[] };

/** A block's session, and how its state follows the network's. */
type Inner = { readonly session: Session; readonly show: (level: Level) => void };

const roots = new WeakMap<Session, Session>();

/** The session of the network that a session is the whole of, or the inside of a block of. */
export function rootOf(session: Session): Session {
  return roots.get(session) ?? session;
}

const insideOf = sessionPart((root): Inside => {
  const inner = new Map<string, Inner>();
  let path: readonly BlockStep[] = [];
  let shown: readonly OpenLevel[] = [];

  const open = (): readonly OpenLevel[] => {
    const { document, analysis } = root.project.getState();
    const levels: OpenLevel[] = [{ ...outermostLevel(document, analysis), path: [], session: root }];
    for (const [at, step] of path.entries()) {
      const outer = levels[at];
      const before = shown[at + 1];
      const level = outer === undefined ? null : enterBlock(outer, step, before);
      if (outer === undefined || level?.block == null) break;
      const way = path.slice(0, at + 1);
      const placed = { ...level, document: placedAs(before?.document, level.document) };
      const key = JSON.stringify(way);
      const known = inner.get(key) ?? createInner(root, outer.session, way);
      inner.set(key, known);
      known.show(placed);
      levels.push({ ...placed, path: way, session: known.session });
    }
    // A block that is gone, by undo or with its node, is left.
    path = path.slice(0, levels.length - 1);
    shown = levels;
    return levels;
  };
  const store = createStore<State>(() => ({ levels: open() }));
  const refresh = (): void => store.setState({ levels: open() });
  root.project.store.subscribe((state, previous) => {
    if (path.length === 0 && state.document === previous.document) return;
    if (state.document !== previous.document || state.history !== previous.history) refresh();
  });
  return {
    store,
    go: (next) => {
      path = next;
      refresh();
    },
  };
});

/** The nodes of a block where they were drawn before, as far as the block does not say where they are. */
function placedAs(before: NetworkDocument | undefined, document: NetworkDocument): NetworkDocument {
  if (document.nodes.every(({ position }) => position)) return document;
  const places = Object.fromEntries(
    (before?.nodes ?? []).flatMap(({ id, position }) => (position ? [[id, position]] : [])),
  );
  const known = withPositions(document, { ...places, ...ownPlaces(document) });
  return placeAll(known);
}

function ownPlaces({ nodes }: NetworkDocument) {
  return Object.fromEntries(nodes.flatMap(({ id, position }) => (position ? [[id, position]] : [])));
}

/** The session of a block's inside: its edits are edits of the network, its selection and its view are its own. */
function createInner(root: Session, outer: Session, path: readonly BlockStep[]): Inner {
  let level: Level | null = null;
  const stateOf = (next: Level, selection: ReadonlySet<string>): ProjectState => {
    const whole = root.project.getState();
    return {
      document: next.document,
      analysis: next.analysis,
      history: whole.history,
      selection,
      file: whole.file,
      // It is saved when the network is.
      savedDocument: isDirty(whole) ? whole.savedDocument : next.document,
    };
  };
  const store = createStore<ProjectState>(() => root.project.getState());
  const current = (): Level => {
    if (level === null) throw new Error('A block is shown before it is edited.');
    return level;
  };
  const outerDocument = (): NetworkDocument => outer.project.getState().document;
  const edit: Project['edit'] = (label, edits, how) => {
    const { document, block } = current();
    const result = applyEdits(document, edits);
    if (!result.ok || block === null) return result;
    const placed = placeNewNodes(document, result.value);
    // The outer session does the same with it, up to the network itself.
    const done = outer.project.edit(
      label,
      [{ type: 'replaceDocument', document: leaveBlock(outerDocument(), block, placed) }],
      how,
    );
    return done.ok ? success(placed) : done;
  };
  const project: Project = {
    ...root.project,
    store,
    getState: store.getState,
    edit,
    applyFix: (fix) => edit(fix.title, fix.edits),
    select: (ids) => {
      const next = new Set(ids);
      const { selection } = store.getState();
      if (next.size === selection.size && [...next].every((id) => selection.has(id))) return;
      store.setState({ selection: next });
    },
    preview: (edits) => {
      const { document, block, params, portShapes } = current();
      const result = applyEdits(document, edits);
      if (!result.ok) return result;
      if (block === null) return root.project.preview(edits);
      const { analysis } = blockLevel(result.value, { block, params, portShapes }, current());
      return success({ document: result.value, analysis });
    },
  };
  const session: Session = { ...root, id: `${root.id} ${JSON.stringify(path)}`, project, view: createView() };
  roots.set(session, root);
  return {
    session,
    show: (next) => {
      const isFirst = level === null;
      level = next;
      const { selection } = store.getState();
      const isHere = (id: string): boolean => findNode(next.analysis, id) !== undefined;
      const kept = isFirst
        ? new Set<string>()
        : [...selection].every(isHere)
          ? selection
          : new Set([...selection].filter(isHere));
      store.setState(stateOf(next, kept), true);
    },
  };
}

/** The levels that a network is open at, outermost first; the last one is on the canvas. */
export function levelsOf(session: Session): readonly OpenLevel[] {
  return insideOf(rootOf(session)).store.getState().levels;
}

/** The level that is on the canvas. */
export function levelOf(session: Session): OpenLevel {
  const levels = levelsOf(session);
  const last = levels.at(-1);
  if (last === undefined) throw new Error('A network is open at one level at least.');
  return last;
}

/** The session of what is on the canvas: that of the network, or of the block that was gone into. */
export function focusOf(session: Session): Session {
  return levelOf(session).session;
}

/** Shows a level: the blocks to go into, from the network itself. */
export function goTo(session: Session, path: readonly BlockStep[]): void {
  insideOf(rootOf(session)).go(path);
}

/** The levels of this component's network; renders again when one is gone into, left or changed. */
export function useLevels(): readonly OpenLevel[] {
  return useStore(insideOf(rootOf(useSession())).store, ({ levels }) => levels);
}

/** The level that this component's session is about. */
export function useLevel(): OpenLevel {
  const session = useSession();
  return useStore(
    insideOf(rootOf(session)).store,
    ({ levels }) => levels.find((level) => level.session === session) ?? levels[0] ?? levelOf(session),
  );
}

/** The session of what is on the canvas of this component's network. */
export function useFocus(): Session {
  const root = rootOf(useSession());
  return useStore(insideOf(root).store, ({ levels }) => levels.at(-1)?.session ?? root);
}
