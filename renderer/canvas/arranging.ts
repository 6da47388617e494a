import { applyEdits } from '../../shared/editing/applyEdits';
import type { Edit } from '../../shared/schema/edits';
import type { Language, Text } from '../../shared/text';
import { text } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { notifyDiagnostics } from '../ui/notify';
import { placeNodes } from './actions';
import { flowOf } from './flow';
import type { Alignment, Places } from './arrange';
import { aligned, distributed } from './arrange';
import { boxesOf } from './guides';
import { alikeOf, reachOf } from './reach';
import { titleById } from './speech';

function selected(session: Session): ReadonlySet<string> {
  return session.project.getState().selection;
}

/** Adds all that the selection reads, or all that it feeds, to the selection. */
export function selectReach(session: Session, way: 'upstream' | 'downstream'): void {
  session.project.select(reachOf(session.project.getState().document, selected(session), way));
}

/** Selects every node of the kinds that are selected. */
export function selectAlike(session: Session): void {
  session.project.select(alikeOf(session.project.getState().document, selected(session)));
}

function place(session: Session, label: Text, shown: Places): void {
  const { documentPlace } = flowOf(session);
  const own = Object.fromEntries(Object.entries(shown).map(([id, at]) => [id, documentPlace(at, id)]));
  const { nodes } = session.project.getState().document;
  const moved = nodes.filter(({ id, position }) => {
    const at = own[id];
    return at !== undefined && (position?.x !== Math.round(at.x) || position.y !== Math.round(at.y));
  });
  if (moved.length > 0) placeNodes(session, own, label);
}

/** Puts the selected nodes into one line. */
export function alignSelection(session: Session, how: Alignment, label: Text): void {
  place(session, label, aligned(boxesOf(session, selected(session)), how));
}

/** Makes the gaps between the selected nodes equal. */
export function distributeSelection(session: Session, axis: 'x' | 'y', label: Text): void {
  place(session, label, distributed(boxesOf(session, selected(session)), axis));
}

/** True where all of the selection that is in the document is bypassed. */
export function isBypassed({ document, selection }: ReturnType<Session['project']['getState']>): boolean {
  const nodes = document.nodes.filter(({ id }) => selection.has(id));
  return nodes.length > 0 && nodes.every(({ bypass }) => bypass === true);
}

/** Bypasses what of the selection can be, or uses it again where all of it is bypassed; says why where none can be. One step. */
export function toggleBypass(session: Session): void {
  const state = session.project.getState();
  const { document, analysis, selection } = state;
  const bypass = !isBypassed(state);
  const edits = document.nodes
    .filter((node) => selection.has(node.id) && (node.bypass === true) !== bypass)
    .map(({ id }): Extract<Edit, { type: 'setBypass' }> => ({ type: 'setBypass', id, bypass }));
  const tried = edits.map((edit) => ({ edit, result: applyEdits(document, [edit]) }));
  const able = tried.flatMap(({ edit, result }) => (result.ok ? [edit] : []));
  const [only] = able;
  if (only === undefined) {
    notifyDiagnostics(tried.flatMap(({ result }) => (result.ok ? [] : result.diagnostics)));
    return;
  }
  const node = titleById(document, analysis, only.id);
  const inLanguage = (language: Language): string => {
    const t = messages('moving', language);
    const one = bypass ? t.bypassLabel : t.useLabel;
    const many = bypass ? t.bypassManyLabel : t.useManyLabel;
    return fill(able.length === 1 ? one : many, { node: node[language], count: able.length });
  };
  session.project.edit(text(inLanguage('en'), inLanguage('zh')), able);
}
