import { areaOfFrame } from '../../shared/layout/frames';
import type { Tidied } from '../../shared/layout/islands';
import type { Layout } from '../../shared/layout/layoutNetwork';
import type { Frame } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import type { Language } from '../../shared/text';
import { text } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { ProjectState, Session } from '../session';
import { sessionPart } from '../session';
import { useUi } from '../store/ui';
import { notifyDiagnostics } from '../ui/notify';
import { announce } from './announce';
import { layOut } from './layoutJob';
import { editLabel, titleById } from './speech';
import { showWhenSettled } from './opening';
import { keepAllInView, seesAll } from './view';
import { freedWires } from './wirePlaces';

/** What ends the layout that a session waits for. */
const jobOf = sessionPart((): { end: () => void } => ({ end: () => undefined }));

/** True where tidying is about the selection: several nodes, and not all. */
export function tidiesSelection({ document, selection }: Pick<ProjectState, 'document' | 'selection'>): boolean {
  return selection.size > 1 && selection.size < document.nodes.length;
}

/**
 * Lays the selection out where it is, or the whole network, and shows it. What is pinned stays. One that is tidy already is only shown:
 * there is nothing to undo. An edit while the layout is worked out calls it off: it would be that of another network.
 */
export function tidyNetwork(session: Session, scope: 'all' | 'selection'): void {
  const { document, selection } = session.project.getState();
  const job = jobOf(session);
  job.end();
  const ids = scope === 'all' ? null : [...selection];
  const leave = session.project.store.subscribe((state) => {
    if (state.document !== document) job.end();
  });
  const cancel = layOut({ document, ids }, (tidied) => {
    leave();
    job.end = () => undefined;
    place(session, tidied, scope, ids?.length ?? 0);
  });
  job.end = () => {
    leave();
    cancel();
    job.end = () => undefined;
  };
}

function place(session: Session, tidied: Tidied, scope: 'all' | 'selection', count: number): void {
  const { document } = session.project.getState();
  const positions = Object.fromEntries(
    document.nodes.flatMap(({ id, position }): [string, Layout[string]][] => {
      const at = Object.hasOwn(tidied.positions, id) ? tidied.positions[id] : undefined;
      return at && (position?.x !== at.x || position.y !== at.y) ? [[id, at]] : [];
    }),
  );
  const frames = tidied.frames.filter((frame, at) => !isSameArea(frame, document.frames?.[at]));
  const edits: readonly Edit[] = [
    ...(Object.keys(positions).length > 0 ? [{ type: 'moveNodes', positions } as const] : []),
    ...freedWires(document, (id) => scope === 'all' || Object.hasOwn(positions, id)),
    ...(frames.length > 0 ? [{ type: 'setFrames', frames } as const] : []),
  ];
  const sawAll = seesAll(session);
  if (edits.length > 0) {
    const label = scope === 'all' ? editLabel('tidyLabel') : editLabel('tidySelectionLabel', { count });
    const result = session.project.edit(label, edits);
    if (!result.ok) notifyDiagnostics(result.diagnostics);
  }
  const { language } = useUi.getState();
  announce(session, messages('canvas', language).announceTidied);
  if (scope === 'all') showWhenSettled(session);
  else if (sawAll) keepAllInView(session);
}

function isSameArea(a: Frame, b: Frame | undefined): boolean {
  return JSON.stringify(areaOfFrame(a)) === JSON.stringify(b && areaOfFrame(b));
}

/** True where all of the selection that is in the document is pinned. */
export function isPinned({ document, selection }: ProjectState): boolean {
  const nodes = document.nodes.filter(({ id }) => selection.has(id));
  return nodes.length > 0 && nodes.every(({ pinned }) => pinned === true);
}

/** Pins the selection to where it is, so that tidying leaves it there, or lets it go where all of it is pinned. One step. */
export function togglePin(session: Session): void {
  const state = session.project.getState();
  const { document, analysis, selection } = state;
  const pinned = !isPinned(state);
  const ids = document.nodes.flatMap(({ id, pinned: is }) =>
    selection.has(id) && (is === true) !== pinned ? [id] : [],
  );
  const [only] = ids;
  if (only === undefined) return;
  const node = titleById(document, analysis, only);
  const label = (language: Language): string => {
    const t = messages('moving', language);
    const one = pinned ? t.pinLabel : t.unpinLabel;
    const many = pinned ? t.pinManyLabel : t.unpinManyLabel;
    return fill(ids.length === 1 ? one : many, { node: node[language], count: ids.length });
  };
  const edit: Edit = { type: 'setPinned', ids, pinned };
  const result = session.project.edit(text(label('en'), label('zh')), [edit]);
  if (!result.ok) notifyDiagnostics(result.diagnostics);
  else announce(session, label(useUi.getState().language));
}
