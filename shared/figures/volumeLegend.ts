import type { Language } from '../text';
import { arrow, circle, paint, rectangle, round, textWidth, type Box, type Mark } from './figure';
import { nameOperations, type Operation } from './operation';
import type { PlacedGraph } from './place';

const ink = paint('ink');
const mute = paint('mute');

/** How much of its colour each face of a box has: what faces the reader, the top, the side. */
export const faces = { front: 0.34, top: 0.2, side: 0.5, bar: 0.3 } as const;

/** The dashes of the way that an operation is done on, where its colour does not tell it from others. */
export type Dashes = (operation: Operation, isSkip: boolean) => string | undefined;

/** The sign of a sum. */
export function sumSign(x: number, y: number, radius: number): readonly Mark[] {
  const arm = radius * 0.5;
  const cross = `M${round(x - arm)} ${round(y)}L${round(x + arm)} ${round(y)}M${round(x)} ${round(y - arm)}L${round(x)} ${round(y + arm)}`;
  return [
    { type: 'path', d: circle(x, y, radius), fill: paint('ground'), stroke: ink, width: 0.9 },
    { type: 'path', d: cross, stroke: ink, width: 0.9 },
  ];
}

/** One entry of the legend: operations that the figure does not tell apart, by the sign that they have. */
type Entry = {
  readonly sign: 'box' | 'arrow' | 'skip' | 'sum';
  readonly family: Operation['family'];
  readonly operations: readonly Operation[];
};

const dashPatterns = [undefined, '4 2', '1.5 1.5', '6 2 1.5 2'] as const;
export const entrySize = 9;
const noteSize = 8;
/** A figure of few maps is no narrower, so that its texts are no larger than in others. */
export const leastWidth = 340;
/** Room that each sign takes before its words. */
const signWidths: { readonly [S in Entry['sign']]: number } = { box: 13, arrow: 23, skip: 23, sum: 14 };

/** The legend of what a figure draws, and the dashes by which it tells ways apart. */
export function legendOf(
  { flows, volumes, style }: PlacedGraph,
  language: Language,
  isHot: boolean,
): {
  readonly dashes: Dashes;
  readonly least: number;
  readonly draw: (
    room: Omit<Box, 'height'>,
    note: string,
  ) => { readonly marks: readonly Mark[]; readonly bottom: number };
} {
  const entries = new Map<string, Entry>();
  const note = (sign: Entry['sign'], operation: Operation): void => {
    const { family } = operation;
    // Boxes are told apart by colour alone, so what has one colour is one entry.
    const key = sign === 'box' ? family : `${sign} ${family} ${nameOperations([operation], language)}`;
    entries.set(key, { sign, family, operations: [...(entries.get(key)?.operations ?? []), operation] });
  };
  const sums = new Set(volumes.flatMap(({ id, joins }) => (joins === 'sum' ? [id] : [])));
  if (style === 'boxes') for (const { operation, joins } of volumes) if (joins !== 'sum') note('box', operation);
  for (const { operation, isSkip, to } of flows) {
    if (isSkip) note('skip', operation);
    else if (style === 'bars' && !sums.has(to)) note('arrow', operation);
  }
  for (const { operation, joins } of volumes) if (joins === 'sum') note('sum', operation);
  const shown = [...entries.values()].map((entry) => ({ ...entry, words: nameOperations(entry.operations, language) }));
  const dashes: Dashes = (operation, isSkip) => {
    const words = nameOperations([operation], language);
    const alike = shown.filter(({ sign, family }) =>
      isSkip ? sign === 'skip' : sign === 'arrow' && family === operation.family,
    );
    return dashPatterns[
      Math.max(
        0,
        alike.findIndex((entry) => entry.words === words),
      ) % dashPatterns.length
    ];
  };
  return {
    dashes,
    least: Math.max(0, ...shown.map(widthOf)),
    draw: (room, scaleNote) =>
      drawLegend(shown, room, scaleNote, (entry, x, y) => drawSign(entry, x, y, dashes, isHot)),
  };
}

type WordedEntry = Entry & { readonly words: string };

function widthOf({ words, sign }: WordedEntry): number {
  return signWidths[sign] + textWidth(words, entrySize) + 14;
}

function drawLegend(
  entries: readonly WordedEntry[],
  { x: left, y: top, width }: Omit<Box, 'height'>,
  note: string,
  sign: (entry: WordedEntry, x: number, y: number) => readonly Mark[],
): { readonly marks: readonly Mark[]; readonly bottom: number } {
  const marks: Mark[] = [];
  const right = left + width;
  let [x, y] = [left, top + 8];
  for (const entry of entries) {
    const room = widthOf(entry);
    if (x > left && x + room > right) [x, y] = [left, y + 14];
    marks.push(...sign(entry, x, y - 3));
    const words = { type: 'text', text: entry.words, size: entrySize, paint: ink, anchor: 'start' } as const;
    marks.push({ ...words, x: x + signWidths[entry.sign], y });
    x += room;
  }
  if (x > left && x + textWidth(note, noteSize) > right) y += 14;
  marks.push({ type: 'text', x: right, y, text: note, size: noteSize, paint: mute, anchor: 'end' });
  return { marks, bottom: y + 4 };
}

/** The sign of an entry; where colour tells heat, families are told by edges alone. */
function drawSign(
  { sign, family, operations }: Entry,
  x: number,
  y: number,
  dashes: Dashes,
  isHot: boolean,
): readonly Mark[] {
  const [first] = operations;
  const isSkip = sign === 'skip';
  const line = [
    [x, y],
    [x + 18, y],
  ] as const;
  if (sign === 'sum') return sumSign(x + 4.5, y, 4.5);
  if (sign === 'box') {
    const swatch = rectangle({ x, y: y - 4, width: 9, height: 8 });
    return [
      {
        type: 'path',
        d: swatch,
        fill: isHot ? paint('ground') : paint(family, faces.front),
        stroke: paint(family),
        width: 0.7,
      },
    ];
  }
  return arrow(line, isSkip ? mute : paint(family), isSkip ? 1 : 1.3, first && dashes(first, isSkip));
}
