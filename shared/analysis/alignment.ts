import type { Shape } from '../layers/define';
import { overlaysInputs, takesSize } from '../layers/traits';
import { wiringOf } from './analyze';
import { trailTo, type TrailStop } from './trail';
import type { NetworkAnalysis } from './types';

/** One branch of a merge or crop, along one axis. */
export type AlignedBranch = {
  readonly nodeId: string;
  /** How its length came about, from the input down. */
  readonly trail: readonly TrailStop[];
  /** Its length where it meets the other. */
  readonly length: number | null;
  /** Centre of its first value that is used, in pixels of the input. */
  readonly start: number;
  /** Pixels of the input between its neighbouring values. */
  readonly jump: number;
};

export type AxisAlignment = {
  readonly axis: 'height' | 'width';
  readonly branches: readonly AlignedBranch[];
  /** First value crop takes of its larger map; null for add and concat. */
  readonly cropStart: number | null;
  /**
   * How far each branch's values lie from the first one's, in pixels of the input. All 0: the values that meet look at the same
   * place. FCN's crops leave an offset of half a pixel or so; a whole jump means a skip is shifted.
   */
  readonly offsets: readonly number[];
};

/**
 * How the branches of an add, concat or crop lie over each other: both ways down, and the offset in input pixels. Null for other
 * kinds and where a branch is not known.
 */
export function alignBranches(analysis: NetworkAnalysis, nodeId: string): readonly AxisAlignment[] | null {
  const wiring = wiringOf(analysis);
  const node = analysis.nodes.get(nodeId);
  const sources = (wiring?.nodes.get(nodeId)?.sources ?? []).filter((source) => source !== null);
  if (wiring === null || node === undefined || sources.length < 2) return null;
  if (!overlaysInputs(node.definition)) return null;
  const crops = takesSize(node.definition);
  // Where one map is stretched over the other, there are no places that meet.
  const { outputShape } = node;
  if (!crops && outputShape !== null && node.inputShapes.some((shape) => !lieAlike(shape, outputShape))) return null;
  const alignments: AxisAlignment[] = [];
  for (const axis of [0, 1] as const) {
    const branches: AlignedBranch[] = [];
    for (const [port, source] of sources.entries()) {
      const from = analysis.nodes.get(source);
      // A crop moves the start of what it cuts; its own field has that in it.
      const own = crops && port === 0 ? node.receptiveField : null;
      const field = own ?? from?.receptiveField;
      if (from?.outputShape?.length !== 3 || field == null) return null;
      branches.push({
        nodeId: source,
        trail: trailTo(wiring, analysis, source, axis),
        length: from.outputShape[axis] ?? null,
        start: field.start[axis],
        jump: field.jump[axis],
      });
    }
    const [first] = branches;
    const before = analysis.nodes.get(sources[0] ?? '')?.receptiveField;
    const moved = crops && first !== undefined && before != null ? first.start - before.start[axis] : null;
    alignments.push({
      axis: axis === 0 ? 'height' : 'width',
      branches,
      cropStart: moved === null || first === undefined ? null : Math.round(moved / first.jump),
      offsets: branches.map(({ start }) => start - (first?.start ?? 0)),
    });
  }
  return alignments;
}

function lieAlike(a: Shape | null, b: Shape): boolean {
  return a?.length === b.length && a[0] === b[0] && a[1] === b[1];
}
