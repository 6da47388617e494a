import type { StoreApi } from 'zustand/vanilla';
import { useStore } from 'zustand';
import type { BlockStep, Level } from '../../shared/analysis/inside';
import { blockLevel, enterBlock, leaveBlock, outermostLevel } from '../../shared/analysis/inside';
import { findNode } from '../../shared/analysis/blocks';
import { success } from '../../shared/diagnostics/diagnostic';
import { applyEdits } from '../../shared/editing/applyEdits';
import type { NetworkDocument } from '../../shared/schema/document';
import { placeAll, placeNewNodes, withPositions } from '../canvas/placement';
import { useSession } from './context';
import { createLeanStore } from './leanStore';
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
  /** Opens a block in its place, or closes it. */
  readonly frame: (path: readonly BlockStep[], isOpen: boolean) => void;
  /** Says that the user works in a block that is open in its place; null for what is on the canvas. */
  readonly choose: (session: Session | null) => void;
};

type State = {
  /** Never empty: the network itself, then each block that was gone into. */
  readonly levels: readonly OpenLevel[];
  /** Blocks that are open in their places, by their paths. Only those on the canvas are drawn; the others stay open for when it is back. */
  readonly framed: ReadonlyMap<string, OpenLevel>;
  /** The session of one of the framed, in which the user works; null for the last of the levels. */
  readonly chosen: Session | null;
};

/** The key of a path in {@link State.framed}. */
function keyOf(path: readonly BlockStep[]): string {
  return JSON.stringify(path);
}

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

  let framedPaths: ReadonlyMap<string, readonly BlockStep[]> = new Map();
  let framed: ReadonlyMap<string, OpenLevel> = new Map();
  let chosen: Session | null = null;

  /** The level inside of a block node, with its session; null where there is none such. */
  const enter = (outer: OpenLevel, step: BlockStep, before: OpenLevel | undefined): OpenLevel | null => {
    const level = enterBlock(outer, step, before);
    if (level?.block == null) return null;
    const way = [...outer.path, step];
    const placed = { ...level, document: placedAs(before?.document, level.document) };
    const key = keyOf(way);
    const known = inner.get(key) ?? createInner(root, outer.session, way);
    inner.set(key, known);
    known.show(placed);
    return { ...placed, path: way, session: known.session };
  };
  const open = (): State => {
    const { document, analysis } = root.project.getState();
    const levels: OpenLevel[] = [{ ...outermostLevel(document, analysis), path: [], session: root }];
    for (const [at, step] of path.entries()) {
      const outer = levels[at];
      const level = outer === undefined ? null : enter(outer, step, shown[at + 1]);
      if (level === null) break;
      levels.push(level);
    }
    // A block that is gone, by undo or with its node, is left.
    path = path.slice(0, levels.length - 1);
    shown = levels;
    const last = levels.at(-1);
    const next = new Map<string, OpenLevel>();
    for (const [key, way] of framedPaths) {
      const step = way.at(-1);
      if (last === undefined || step === undefined || keyOf(way.slice(0, -1)) !== keyOf(last.path)) continue;
      const level = enter(last, step, framed.get(key));
      if (level !== null) next.set(key, level);
    }
    framed = next;
    if (![...next.values()].some(({ session }) => session === chosen)) chosen = null;
    return { levels, framed, chosen };
  };
  const store = createLeanStore(open());
  const refresh = (): void => store.setState(open());
  root.project.store.subscribe((state, previous) => {
    if (path.length === 0 && framedPaths.size === 0 && state.document === previous.document) return;
    if (state.document !== previous.document || state.history !== previous.history) refresh();
  });
  return {
    store,
    go: (next) => {
      chosen?.project.select([]);
      chosen = null;
      path = next;
      refresh();
    },
    frame: (way, isOpen) => {
      const next = new Map(framedPaths);
      if (isOpen) next.set(keyOf(way), way);
      else next.delete(keyOf(way));
      framedPaths = next;
      refresh();
    },
    choose: (session) => {
      if (session === chosen) return;
      chosen?.project.select([]);
      chosen = session;
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
  const store = createLeanStore(root.project.getState());
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

/** The framed level that a session is about; undefined for every other session. */
function framedLevelOf(session: Session): OpenLevel | undefined {
  const { framed } = insideOf(rootOf(session)).store.getState();
  return [...framed.values()].find((level) => level.session === session);
}

/** The levels that a network is open at, outermost first; the last one is on the canvas, or is the block open there that is asked of. */
export function levelsOf(session: Session): readonly OpenLevel[] {
  const { levels } = insideOf(rootOf(session)).store.getState();
  const own = framedLevelOf(session);
  return own === undefined ? levels : [...levels, own];
}

/** The level that is on the canvas; of a block that is open in its place, its own. */
export function levelOf(session: Session): OpenLevel {
  const levels = levelsOf(session);
  const last = levels.at(-1);
  if (last === undefined) throw new Error('A network is open at one level at least.');
  return last;
}

/** The session that the user works in: that of what is on the canvas, or of a block that is open there. */
export function focusOf(session: Session): Session {
  const { chosen, levels } = insideOf(rootOf(session)).store.getState();
  return chosen ?? levels.at(-1)?.session ?? rootOf(session);
}

/** The session whose canvas shows a session: itself, or for a block that is open in its place the one that it is open on. */
export function canvasOf(session: Session): Session {
  return framedLevelOf(session) === undefined ? session : (levelsOf(session).at(-2)?.session ?? session);
}

/** Opens a block node of a session in its place, or closes it. */
export function frameBlock(session: Session, nodeId: string, isOpen: boolean): void {
  insideOf(rootOf(session)).frame([...levelOf(session).path, { nodeId, copy: 1 }], isOpen);
}

/** The levels of the blocks that are open in their places on a session's canvas, by the ids of their nodes. */
export function framedIn(session: Session): ReadonlyMap<string, OpenLevel> {
  const { framed } = insideOf(rootOf(session)).store.getState();
  if (framed.size === 0) return none;
  const { path } = levelOf(session);
  return new Map(
    [...framed.values()].flatMap((level): [string, OpenLevel][] => {
      const step = level.path.at(-1);
      return step !== undefined && keyOf(level.path.slice(0, -1)) === keyOf(path) ? [[step.nodeId, level]] : [];
    }),
  );
}

const none: ReadonlyMap<string, OpenLevel> = new Map();

/** Hears of blocks that are opened in their places or closed, and of their insides. Gives back what ends it. */
export function onFrames(session: Session, listen: () => void): () => void {
  return insideOf(rootOf(session)).store.subscribe((state, previous) => {
    if (state.framed.size > 0 || previous.framed.size > 0) listen();
  });
}

/** Says that the user works in a block that is open in its place, or on the canvas again. */
export function chooseFrame(session: Session, frame: Session | null): void {
  insideOf(rootOf(session)).choose(frame);
}

/** The session that the user works in, of this component's network; as {@link focusOf}. */
export function useChosen(): Session {
  const root = rootOf(useSession());
  return useStore(insideOf(root).store, ({ chosen, levels }) => chosen ?? levels.at(-1)?.session ?? root);
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
    ({ levels, framed }) =>
      [...levels, ...framed.values()].find((level) => level.session === session) ?? levels[0] ?? levelOf(session),
  );
}

/** The session of what is on the canvas of this component's network. */
export function useFocus(): Session {
  const root = rootOf(useSession());
  return useStore(insideOf(root).store, ({ levels }) => levels.at(-1)?.session ?? root);
}
