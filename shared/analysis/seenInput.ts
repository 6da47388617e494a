import type { Shape } from '../layers/define';
import type { NetworkDocument } from '../schema/document';
import { drawnAs, findNode } from './blocks';
import type { NetworkAnalysis, ReceptiveField } from './types';

/** Window of the value at `index` on one axis, in input pixels: from and length, before clipping. */
export function windowAt(field: ReceptiveField, axis: 0 | 1, index: number): readonly [from: number, length: number] {
  const size = field.size[axis];
  return [field.start[axis] + index * field.jump[axis] - (size - 1) / 2, size];
}

/** Pixels of a window beyond each edge of the picture, where there is only padding. */
export type Sides = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };

/** What the value in the middle of a node's map sees of the input. */
export type SeenInput = {
  /** The node of the document that gives the picture. */
  readonly inputId: string;
  /** Height and width of the picture. */
  readonly image: readonly [number, number];
  /** The window, in pixels of the picture; it may reach beyond it. */
  readonly window: { readonly top: number; readonly left: number; readonly height: number; readonly width: number };
  /** The part of the window that lies on the picture: height and width. */
  readonly inside: readonly [number, number];
  readonly outside: Sides;
  /** Pixels between what neighbouring values see. */
  readonly jump: readonly [number, number];
  /** True where every value sees the whole picture: behind fc and gap. */
  readonly isWhole: boolean;
  /** True behind branches that see differently: the window is the union of theirs. */
  readonly isUnion: boolean;
};

/**
 * What the value in the middle of a node's map sees, on the picture that it comes from; null where no picture of known size leads there.
 * @example The middle of LeNet's second conv, 8×8 with r = 14 and j = 2, sees rows 6 to 19 of 28.
 */
export function seenInput(document: NetworkDocument, analysis: NetworkAnalysis, id: string): SeenInput | null {
  const node = findNode(analysis, id);
  const field = node?.receptiveField;
  if (node === undefined || field == null) return null;
  const inputId = pictureBehind(document, analysis, id);
  const shape = inputId === null ? null : (findNode(analysis, inputId)?.outputShape ?? null);
  const [height, width] = shape ?? [];
  if (inputId === null || height == null || width == null) return null;
  const image = [height, width] as const;
  const window = field.global ? { top: 0, left: 0, height, width } : centreWindow(field, node.outputShape);
  const outside = {
    top: Math.max(0, -window.top),
    bottom: Math.max(0, window.top + window.height - height),
    left: Math.max(0, -window.left),
    right: Math.max(0, window.left + window.width - width),
  };
  return {
    inputId,
    image,
    window,
    inside: [
      Math.max(0, window.height - outside.top - outside.bottom),
      Math.max(0, window.width - outside.left - outside.right),
    ],
    outside,
    jump: field.jump,
    isWhole: field.global,
    isUnion: field.union,
  };
}

function centreWindow(field: ReceptiveField, output: Shape | null): SeenInput['window'] {
  const [rows, columns] = output?.length === 3 ? output : field.positions;
  const middle = (count: number | null | undefined): number => Math.floor(((count ?? 1) - 1) / 2);
  const [top, height] = windowAt(field, 0, middle(rows));
  const [left, width] = windowAt(field, 1, middle(columns));
  return { top, left, height, width };
}

/** The picture that a node's value comes from: of several, the one that the fewest layers lie behind. */
function pictureBehind(document: NetworkDocument, analysis: NetworkAnalysis, id: string): string | null {
  const inputs = new Set(analysis.inputs.map((input) => drawnAs(analysis, input)));
  const seen = new Set([id]);
  // A set that grows while it is walked: the walk reaches what is added.
  for (const at of seen) {
    if (inputs.has(at) && findNode(analysis, at)?.outputShape?.length === 3) return at;
    for (const { from, to } of document.edges) if (to === at) seen.add(from);
  }
  return null;
}
