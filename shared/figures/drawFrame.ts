import { frameStyle } from '../layout/frames';
import { shortenText, wrapText } from '../layout/textWidth';
import type { Frame } from '../schema/document';
import { paint, rectangle, type Mark, type Paint } from './figure';

const titleSize = 13;

/** A frame as the canvas draws it: a tinted ground, a bar with the title, and as much of the note as has room. */
export function drawFrame({
  title,
  note = '',
  color,
  position: { x, y },
  size: { width, height },
}: Frame): readonly Mark[] {
  const colour = (strength: number): Paint => (color === undefined ? paint('mute', strength) : paint(color, strength));
  const { bar, noteSize, noteLine, notePadding } = frameStyle;
  const room = Math.max(noteSize, width - 2 * notePadding);
  // Without a title the note has its place.
  const top = title === '' ? notePadding / 2 : bar;
  const lines = note === '' ? [] : wrapText(note, noteSize, room);
  const shown = lines.slice(0, Math.max(0, Math.floor((height - top - notePadding / 2) / noteLine)));
  return [
    { type: 'path', d: rectangle({ x, y, width, height }, 10), fill: colour(0.06), stroke: colour(0.6), width: 1 },
    ...(title === ''
      ? []
      : [
          {
            type: 'text',
            x: x + notePadding,
            y: y + bar - 9,
            text: shortenText(title, titleSize, room),
            size: titleSize,
            paint: colour(1),
            anchor: 'start',
            isBold: true,
          } as const,
        ]),
    ...shown.map((line, at): Mark => ({
      type: 'text',
      x: x + notePadding,
      y: y + top + (at + 1) * noteLine - 4,
      text: line,
      size: noteSize,
      paint: paint('ink'),
      anchor: 'start',
    })),
  ];
}
