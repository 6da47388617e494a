import { frameStatistics, largest, median, smallest } from '../statistics';
import type { FrameStatistics } from '../statistics';

type MeasureKind = 'latency' | 'frames' | 'memory';

/** Everything that is measured, in the order of the report. */
export const measureTable = {
  firstPaint: { kind: 'latency', label: 'Start to first paint' },
  usable: { kind: 'latency', label: 'Start to a usable canvas' },
  firstNodes: { kind: 'latency', label: 'Open a project to its first nodes' },
  allNodes: { kind: 'latency', label: 'Open a project to all its nodes' },
  edit: { kind: 'latency', label: 'Type a size to the last shape it changes, at reading size' },
  editAll: { kind: 'latency', label: 'Type a size, all in view' },
  undo: { kind: 'latency', label: 'Undo to the old shapes' },
  palette: { kind: 'latency', label: 'Open the command palette' },
  pan: { kind: 'frames', label: 'Pan, all in view' },
  zoom: { kind: 'frames', label: 'Zoom in and out' },
  drag: { kind: 'frames', label: 'Drag a node, all in view' },
  panNear: { kind: 'frames', label: 'Pan at reading size' },
  chartsStreaming: { kind: 'frames', label: 'Charts while the steps pour in' },
  chartsPaced: { kind: 'frames', label: 'Charts at 20 steps a second, after them' },
  heap: { kind: 'memory', label: 'JS heap afterwards' },
} as const satisfies { readonly [id: string]: { readonly kind: MeasureKind; readonly label: string } };
export type MeasureId = keyof typeof measureTable;

/** One figure of the report. Latencies and memory: one value a round; frames: all rounds' together. */
export type Measure = { readonly id: MeasureId; readonly label: string } & (
  | {
      readonly kind: 'latency';
      readonly medianMs: number;
      readonly bestMs: number;
      readonly worstMs: number;
      readonly roundsMs: readonly number[];
    }
  | ({ readonly kind: 'frames' } & FrameStatistics)
  | { readonly kind: 'memory'; readonly medianBytes: number; readonly leastBytes: number; readonly worstBytes: number }
);

/** What was measured: the app itself, a network in it, its charts, or plain React Flow. */
export type SubjectId = 'app' | (typeof uiSubjectIds)[number];

/** What `--case` can name with `--ui`; the app's own start is measured with each but plain React Flow. */
export const uiSubjectIds = ['unet', 'resnet-50', 'chain-1000', 'floor', 'charts'] as const;

/** One subject with its figures. What went wrong in it is said; what had been measured until then stands. */
export type SubjectResult = {
  readonly id: SubjectId;
  readonly label: string;
  readonly nodeCount: number | null;
  readonly measures: readonly Measure[];
  readonly failures: readonly string[];
};

/** Collects a subject's raw numbers over the rounds. */
export class Samples {
  private readonly values = new Map<MeasureId, number[]>();

  add(id: MeasureId, ...values: readonly number[]): void {
    const known = this.values.get(id);
    if (known === undefined) this.values.set(id, [...values]);
    else known.push(...values);
  }

  /** The figures of what has been measured, in the order of the report. */
  measures(): readonly Measure[] {
    return measureIds.flatMap((id) => {
      const values = this.values.get(id);
      return values === undefined || values.length === 0 ? [] : [summarize(id, values)];
    });
  }
}

const measureIds = Object.keys(measureTable).filter((id): id is MeasureId => id in measureTable);

function summarize(id: MeasureId, values: readonly number[]): Measure {
  const { kind, label } = measureTable[id];
  switch (kind) {
    case 'latency':
      return {
        id,
        label,
        kind,
        medianMs: median(values),
        bestMs: smallest(values),
        worstMs: largest(values),
        roundsMs: values,
      };
    case 'frames':
      return { id, label, kind, ...frameStatistics(values) };
    case 'memory':
      return {
        id,
        label,
        kind,
        medianBytes: median(values),
        leastBytes: smallest(values),
        worstBytes: largest(values),
      };
  }
}
