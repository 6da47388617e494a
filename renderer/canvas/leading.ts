import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { withPlace, type Ends } from '../../shared/layout/throughPoints';
import { limits } from '../../shared/schema/limits';
import type { NetworkEdge, Position } from '../../shared/schema/document';
import type { Language, Text } from '../../shared/text';
import { text } from '../../shared/text';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { sessionPart, useSession } from '../session';
import { useUi } from '../store/ui';
import { notify, notifyDiagnostics } from '../ui/notify';
import { snap } from './actions';
import { flowOf } from './flow';
import { titleById } from './speech';

/** The places of a wire while one of them is dragged. */
type Dragged = { readonly edge: NetworkEdge; readonly via: readonly Position[] };

const draggedOf = sessionPart(() => createStore<{ readonly dragged: Dragged | null }>(() => ({ dragged: null })));

/** The places that a wire is dragged to; null while none of them is dragged. */
export function useDraggedPlaces(edge: NetworkEdge | undefined): readonly Position[] | null {
  return useStore(draggedOf(useSession()), ({ dragged }) => (dragged?.edge === edge ? (dragged?.via ?? null) : null));
}

/** Shows a wire through other places than the document has; null ends that. */
export function showPlaces(session: Session, dragged: Dragged | null): void {
  draggedOf(session).setState({ dragged });
}

/**
 * Where a place of a wire comes to when it is moved on the canvas: in the document, and as it is shown then. Beside a block that is open, there
 * is room that no place of the document is shown in; what is dragged there stays at its edge.
 */
export function movedPlace(
  session: Session,
  edge: NetworkEdge,
  index: number,
  by: Position,
): { readonly own: Position; readonly shown: Position } {
  const { store, documentPlace, shownArea } = flowOf(session);
  const own = edge.via?.[index] ?? { x: 0, y: 0 };
  const shown = store.getState().wires.get(edge)?.via[index] ?? own;
  const toShown = ({ x, y }: Position): Position => {
    const area = shownArea({ x, y, width: 0, height: 0 });
    return { x: area.x, y: area.y };
  };
  const byRoom = toShown(own);
  if (byRoom.x === shown.x && byRoom.y === shown.y) {
    const place = snap(documentPlace({ x: shown.x + by.x, y: shown.y + by.y }, null));
    return { own: place, shown: toShown(place) };
  }
  // Both ends are shown elsewhere by the same, and the place with them.
  const place = snap({ x: own.x + by.x, y: own.y + by.y });
  return { own: place, shown: { x: shown.x + place.x - own.x, y: shown.y + place.y - own.y } };
}

function label(session: Session, key: 'placeLabel' | 'straightenLabel', { from, to }: NetworkEdge): Text {
  const { document, analysis } = session.project.getState();
  const [source, target] = [titleById(document, analysis, from), titleById(document, analysis, to)];
  const inLanguage = (language: Language): string =>
    fill(messages('frames', language)[key], { from: source[language], to: target[language] });
  return text(inLanguage('en'), inLanguage('zh'));
}

/** Leads a wire through places, as one step; through none it runs by itself. */
export function leadWire(session: Session, edge: NetworkEdge, via: readonly Position[]): void {
  if (via.length > limits.viaPoints) {
    notify(fill(messages('frames', useUi.getState().language).tooManyPlaces, { count: limits.viaPoints }));
    return;
  }
  const key = via.length === 0 ? 'straightenLabel' : 'placeLabel';
  const result = session.project.edit(label(session, key, edge), [{ type: 'leadEdge', edge, via: via.map(snap) }]);
  if (!result.ok) notifyDiagnostics(result.diagnostics);
}

/** Leads a wire through a further place. */
export function addPlace(session: Session, edge: NetworkEdge, place: Position): void {
  const ends = endsOf(session, edge);
  if (ends !== null) leadWire(session, edge, withPlace(ends, edge.via ?? [], snap(place)));
}

/** Leads the selected wires through a further place in their middle, a little aside, where it can be taken hold of. */
export function addPlaceToSelected(session: Session): void {
  for (const edge of flowOf(session).selectedEdges()) {
    const ends = endsOf(session, edge);
    if (ends === null) continue;
    const last = edge.via?.at(-1) ?? { x: ends.sourceX, y: ends.sourceY };
    addPlace(session, edge, { x: (last.x + ends.targetX) / 2, y: (last.y + ends.targetY) / 2 + 24 });
  }
}

/** Lets the selected wires run by themselves again. */
export function straightenSelected(session: Session): void {
  for (const edge of flowOf(session).selectedEdges()) if (edge.via !== undefined) leadWire(session, edge, []);
}

/** Where a wire ends in the document: beside a block that is open, that is not where it is shown. */
function endsOf(session: Session, edge: NetworkEdge): Ends | null {
  const { store, documentPlace } = flowOf(session);
  const ends = store.getState().wires.get(edge)?.ends;
  if (ends === undefined) return null;
  const source = documentPlace({ x: ends.sourceX, y: ends.sourceY }, null);
  const target = documentPlace({ x: ends.targetX, y: ends.targetY }, null);
  return { ...ends, sourceX: source.x, sourceY: source.y, targetX: target.x, targetY: target.y };
}
