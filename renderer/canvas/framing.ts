import { freshFrameId } from '../../shared/editing/frames';
import {
  areaAround,
  areaOfFrame,
  cardArea,
  contentsOf,
  frameAreaAround,
  frameAt,
  heldFrames,
  heldNodes,
  roomAbove,
  type Area,
} from '../../shared/layout/frames';
import { limits } from '../../shared/schema/limits';
import type { Frame, FrameColour, Position } from '../../shared/schema/document';
import type { Edit } from '../../shared/schema/edits';
import type { Language, Text } from '../../shared/text';
import { text } from '../../shared/text';
import type { MessageKey } from '../i18n';
import { fill, messages } from '../i18n';
import type { Session } from '../session';
import { useUi } from '../store/ui';
import { notify, notifyDiagnostics } from '../ui/notify';
import { snap } from './actions';
import { announce } from './announce';
import { editFrame, selectedFrameIds, selectedFrames, selectFrames } from './frameStore';
import { pointedPlace } from './pointer';
import { focusFrame, toCanvas, toWindow } from './view';
import { carriedWires } from './wirePlaces';

type Values = Readonly<Record<string, string | number>>;

/** A message of frames in both languages, as the history keeps it. */
function frameLabel(key: MessageKey<'frames'>, values: Values = {}): Text {
  const inLanguage = (language: Language): string => fill(messages('frames', language)[key], values);
  return text(inLanguage('en'), inLanguage('zh'));
}

function words() {
  return messages('frames', useUi.getState().language);
}

/** What a frame is called where it is spoken of. */
export function frameName({ id, title }: Frame): string {
  return title === '' ? id : title;
}

function run(session: Session, label: Text, edits: readonly Edit[]): boolean {
  const result = session.project.edit(label, edits);
  if (!result.ok) notifyDiagnostics(result.diagnostics);
  return result.ok;
}

/** Draws a frame around the selected nodes and frames, and asks for its title. */
export function frameSelection(session: Session): void {
  const { document, selection } = session.project.getState();
  const inner = selectedFrames(session);
  const held = areaAround([
    ...document.nodes.flatMap(({ id, position }) => (selection.has(id) && position ? [cardArea(position)] : [])),
    ...inner.map(areaOfFrame),
  ]);
  if (held === undefined) return;
  const count = selection.size;
  const frame = frameAt(
    { id: freshFrameId(document), title: words().newTitle, position: held, size: held },
    frameAreaAround(held),
  );
  if (!run(session, frameLabel('frameLabel', { count }), [{ type: 'addFrame', frame }])) return;
  selectFrames(session, [frame.id]);
  editFrame(session, { id: frame.id, field: 'title' });
  announce(session, fill(words().announceFramed, { count }));
}

const noteSize = { width: 220, height: 120 } as const;

/** Puts a note where the user points, and asks for its text. */
export function addNote(session: Session): void {
  const place =
    pointedPlace(session, 'pointer') ?? pointedPlace(session, 'menu') ?? toCanvas(session, toWindow(session, null));
  const frame: Frame = {
    id: freshFrameId(session.project.getState().document),
    title: '',
    position: snap(place),
    size: noteSize,
  };
  if (!run(session, frameLabel('noteLabel'), [{ type: 'addFrame', frame }])) return;
  selectFrames(session, [frame.id]);
  editFrame(session, { id: frame.id, field: 'note' });
}

/** Begins to write the title or the note of the selected frame. */
export function writeSelectedFrame(session: Session, field: 'title' | 'note'): void {
  const [id] = selectedFrameIds(session);
  if (id !== undefined) editFrame(session, { id, field });
}

function setFrame(session: Session, label: Text, frame: Frame): void {
  run(session, label, [{ type: 'setFrames', frames: [frame] }]);
}

export function renameFrame(session: Session, frame: Frame, title: string): void {
  const next = title.trim().slice(0, limits.frameTitle);
  if (next !== frame.title)
    setFrame(session, frameLabel('titleLabel', { title: frameName(frame) }), { ...frame, title: next });
}

/** Writes the note; a frame whose note would lie under what it holds grows upwards. */
export function writeFrameNote(session: Session, frame: Frame, note: string): void {
  const next = note.trim().slice(0, limits.frameNote);
  if (next === (frame.note ?? '')) return;
  const { note: _old, ...rest } = frame;
  const written: Frame = next === '' ? rest : { ...rest, note: next };
  const { area: held } = contentsOf(frame, session.project.getState().document);
  const grown = frameAt(written, withRoomFor(next, areaOfFrame(frame), held));
  setFrame(session, frameLabel('textLabel', { title: frameName(frame) }), grown);
}

/** The area of a frame with room for its note: above what it holds; downwards where it is a note alone. */
function withRoomFor(note: string, area: Area, held: Area | undefined): Area {
  const room = note === '' ? 0 : roomAbove(note, area.width);
  if (held === undefined) return { ...area, height: Math.max(area.height, room) };
  const y = Math.min(area.y, held.y - room);
  return { ...area, y, height: area.height + area.y - y };
}

export function colourFrame(session: Session, frame: Frame, color: FrameColour | null): void {
  const { color: _old, ...rest } = frame;
  const next = color === null ? rest : { ...rest, color };
  setFrame(session, frameLabel('colourLabel', { title: frameName(frame) }), next);
}

/** Gives a frame another place and size. */
export function resizeFrame(session: Session, frame: Frame, area: Area): void {
  const next = frameAt(frame, area);
  const isSame = JSON.stringify(areaOfFrame(next)) === JSON.stringify(areaOfFrame(frame));
  if (!isSame) setFrame(session, frameLabel('resizeLabel', { title: frameName(frame) }), next);
}

/** Draws the selected frames closely around what they hold. */
export function fitSelectedFrames(session: Session): void {
  const { document } = session.project.getState();
  const fitted = selectedFrames(session).flatMap((frame) => {
    const { area } = contentsOf(frame, document);
    return area === undefined ? [] : [frameAt(frame, frameAreaAround(area, frame.note))];
  });
  const [first] = fitted;
  if (first === undefined) notify(words().nothingHeld);
  else run(session, frameLabel('fitLabel', { title: frameName(first) }), [{ type: 'setFrames', frames: fitted }]);
}

/** Frames with the frames and the nodes that they take along. */
export function withContents(session: Session, ids: ReadonlySet<string>) {
  const { nodes, frames = [] } = session.project.getState().document;
  const own = frames.filter(({ id }) => ids.has(id));
  const inner = own.flatMap((frame) => heldFrames(frame, frames));
  const all = new Map([...own, ...inner].map((frame) => [frame.id, frame]));
  return { frames: [...all.values()], nodes: new Set(own.flatMap((frame) => heldNodes(frame, nodes))) };
}

/** Deletes the selected frames with all that they hold, as one step. */
export function deleteWithContents(session: Session): void {
  const own = selectedFrames(session);
  const { frames, nodes } = withContents(session, selectedFrameIds(session));
  const [first] = own;
  if (first === undefined) return;
  run(session, frameLabel('deleteAllLabel', { title: frameName(first), count: nodes.size }), [
    { type: 'removeFrames', ids: frames.map(({ id }) => id) },
    ...(nodes.size === 0 ? [] : [{ type: 'removeNodes', ids: [...nodes], heal: true } as const]),
  ]);
}

/** What a step that deletes these frames is called. */
export function deleteLabel(frames: readonly Frame[]): Text {
  const [only] = frames;
  return frames.length === 1 && only !== undefined
    ? frameLabel('deleteLabel', { title: frameName(only) })
    : frameLabel('deleteManyLabel', { count: frames.length });
}

/** The edits that move frames with what they hold, and further nodes with them. */
function moveEdits(
  session: Session,
  { frames, nodes }: ReturnType<typeof withContents>,
  shift: Position,
): readonly Edit[] {
  const { document } = session.project.getState();
  const positions = Object.fromEntries(
    document.nodes.flatMap(({ id, position }): [string, Position][] =>
      nodes.has(id) && position ? [[id, { x: position.x + shift.x, y: position.y + shift.y }]] : [],
    ),
  );
  const moved = frames.map((frame) => {
    const area = areaOfFrame(frame);
    return frameAt(frame, { ...area, x: area.x + shift.x, y: area.y + shift.y });
  });
  return [
    ...(Object.keys(positions).length === 0
      ? []
      : [{ type: 'moveNodes', positions } as const, ...carriedWires(document, positions)]),
    { type: 'setFrames', frames: moved },
  ];
}

/** What a drag or a key moves: the selected frames, what they hold, and the nodes that are selected beside them. */
export function movedWithFrames(session: Session): ReturnType<typeof withContents> {
  const { frames, nodes } = withContents(session, selectedFrameIds(session));
  return { frames, nodes: new Set([...nodes, ...session.project.getState().selection]) };
}

/** Moves the selected frames, with all that they hold, as one step. */
export function moveFrames(session: Session, shift: Position): void {
  const own = selectedFrames(session);
  const [first] = own;
  if (first === undefined || (shift.x === 0 && shift.y === 0)) return;
  const label =
    own.length === 1
      ? frameLabel('moveLabel', { title: frameName(first) })
      : frameLabel('moveManyLabel', { count: own.length });
  run(session, label, moveEdits(session, movedWithFrames(session), shift));
}

/** Selects a frame and gives it the keyboard. */
export function goToFrame(session: Session, id: string): void {
  selectFrames(session, [id]);
  focusFrame(session, id);
}
