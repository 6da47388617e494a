import { levelCell, levelText } from './accuracyMarkdown';
import { machineText } from './machine';
import { numberText, percentText, spreadText } from './markdown';
import { participantOf } from './report';
import type { AccuracyReport, AnalysisCost, BenchReport, CaseResult, Machine, Roof } from './report';
import { measureTable } from './ui/measures';
import type { MeasureId } from './ui/measures';
import type { UiReport } from './ui/runUiBench';

/** A figure that is drawn; `low` and `high` are how far it spreads, null where it has one sample. */
export type Bar = {
  readonly label: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The same in words. */
  readonly figure: string;
};

/** Bars of one unit, with what they are held against. */
export type Chart = {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly lines: readonly { readonly label: string; readonly value: number }[];
};

/** What a page shows. */
export type ChartPage = {
  readonly title: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly notes: readonly string[];
  readonly sections: readonly {
    readonly title: string;
    readonly note: string;
    readonly charts: readonly Chart[];
    /** Who could not take part, and why. */
    readonly absent: readonly string[];
  }[];
};

const interruptedNote = 'Interrupted: only what was measured until then.';

function one(value: number): string {
  return numberText(value, 1);
}

function machineFacts(machine: Machine): ChartPage['facts'] {
  return [['Machine', machineText(machine)]];
}

/** The page of the engines, or of single ops. */
export function benchCharts(report: BenchReport): ChartPage {
  const { machine, threads, roof, cases, analysis, interrupted, baseline } = report;
  return {
    title: 'Convloom bench',
    facts: [...machineFacts(machine), ['Threads each', String(threads)], ['Ratios to', participantOf(baseline).label]],
    notes: [
      'One training step with Adam, in turns within one run. The whisker of a bar is the middle half of all that was measured.',
      ...(interrupted ? [interruptedNote] : []),
    ],
    sections: [
      ...cases.map((one) => caseSection(one, report)),
      ...(roof.rows.length === 0 ? [] : [roofSection(roof)]),
      ...(analysis.length === 0 ? [] : [analysisSection(analysis)]),
    ],
  };
}

function caseSection(
  { label, flops, results }: CaseResult,
  { roof, baseline }: BenchReport,
): ChartPage['sections'][number] {
  const timed = results.flatMap((result) => (result.available ? [result] : []));
  const base = timed.find(({ candidate }) => candidate === baseline);
  const { float32Gflops, bfloat16Gflops } = roof;
  const hasHalf = timed.some(({ candidate }) => participantOf(candidate).precision === 'bfloat16');
  return {
    title: label,
    note: `${numberText(flops / 1e9, 2)} GFLOP a step in products: two a multiply-add, forward, for the weights' gradients and for the inputs'.`,
    charts: [
      {
        title: 'Milliseconds a step',
        bars: timed.map(({ label: name, medianMs, quartilesMs, ratio, ratioQuartiles }) => ({
          label: name,
          value: medianMs,
          low: quartilesMs[0],
          high: quartilesMs[1],
          figure: [
            `${spreadText(medianMs, quartilesMs, one)} ms`,
            ...(ratio === null ? [] : [`× ${spreadText(ratio, ratioQuartiles, (value) => numberText(value, 2))}`]),
          ].join(', '),
        })),
        lines: base === undefined ? [] : [{ label: `ratio 1: ${base.label}`, value: base.medianMs }],
      },
      {
        title: 'GFLOP/s',
        bars: timed.map(({ label: name, gflops, medianMs, quartilesMs, roofShare }) => {
          // The slower a step, the fewer operations a second.
          const [low, high] = [(gflops * medianMs) / quartilesMs[1], (gflops * medianMs) / quartilesMs[0]];
          const share = roofShare === null ? '' : `, ${percentText(roofShare)} of the roof`;
          return { label: name, value: gflops, low, high, figure: `${spreadText(gflops, [low, high], one)}${share}` };
        }),
        lines: [
          ...(float32Gflops === null
            ? []
            : [{ label: `roof: ${one(float32Gflops)} in float32`, value: float32Gflops }]),
          ...(bfloat16Gflops === null || !hasHalf
            ? []
            : [{ label: `${one(bfloat16Gflops)} in bfloat16`, value: bfloat16Gflops }]),
        ],
      },
      {
        title: 'Milliseconds from the start to the first step',
        bars: timed.map(({ label: name, firstStepMs, firstStepQuartilesMs: [low, high] }) => ({
          label: name,
          value: firstStepMs,
          low,
          high,
          figure: `${spreadText(firstStepMs, [low, high], (value) => numberText(value, 0))} ms`,
        })),
        lines: [],
      },
      {
        title: 'Peak memory in MiB, the largest of one process',
        bars: timed.flatMap(({ label: name, peakBytes }) => {
          const value = peakBytes / 2 ** 20;
          return peakBytes === 0 ? [] : [{ label: name, value, low: null, high: null, figure: numberText(value, 0) }];
        }),
        lines: [],
      },
    ],
    absent: results.flatMap((result) => (result.available ? [] : [`${result.label}: ${result.why}`])),
  };
}

function roofSection({ rows }: Roof): ChartPage['sections'][number] {
  return {
    title: 'The roof of this machine',
    note: 'The product of two square matrices, each library at its best size, and a copy of memory, read and write counted.',
    charts: [
      {
        title: 'Products in GFLOP/s',
        bars: rows.flatMap(({ by, products }) =>
          products.map(({ precision, size, gflops: { median, low, high } }) => ({
            label: `${by}, ${precision}`,
            value: median,
            low,
            high,
            figure: `${spreadText(median, [low, high], one)}, ${size} × ${size}`,
          })),
        ),
        lines: [],
      },
      {
        title: 'Copy in GB/s',
        bars: rows.flatMap(({ by, copy }) => {
          if (copy === null) return [];
          const { median, low, high } = copy.gigabytesPerSecond;
          return [{ label: by, value: median, low, high, figure: spreadText(median, [low, high], one) }];
        }),
        lines: [],
      },
    ],
    absent: [],
  };
}

function analysisSection(analysis: readonly AnalysisCost[]): ChartPage['sections'][number] {
  const chart = (title: string, of: (cost: AnalysisCost) => readonly [number, readonly [number, number]]): Chart => ({
    title,
    bars: analysis.map((cost) => {
      const [value, [low, high]] = of(cost);
      const figure = `${spreadText(value, [low, high], (ms) => numberText(ms, 2))} ms`;
      return { label: `${cost.id}, ${cost.nodeCount} nodes`, value, low, high, figure };
    }),
    lines: [],
  });
  return {
    title: 'Analysis',
    note: '',
    charts: [
      chart('Milliseconds from cold', ({ coldMs, coldQuartilesMs }) => [coldMs, coldQuartilesMs]),
      chart('Milliseconds after one edit', ({ editMs, editQuartilesMs }) => [editMs, editQuartilesMs]),
    ],
    absent: [],
  };
}

/** The page of `--accuracy`. */
export function accuracyCharts({ machine, threads, seeds, interrupted, recipes }: AccuracyReport): ChartPage {
  return {
    title: 'Convloom bench: seconds to an accuracy',
    facts: [...machineFacts(machine), ['Threads each', String(threads)], ['Seeds', String(seeds)]],
    notes: [
      "Seconds from the command until an epoch's validation first reaches an accuracy on the built-in digits: mean of the seeds that reach it, deviation, and as whisker the soonest and the latest. Seeds that never do are counted.",
      ...(interrupted ? [interruptedNote] : []),
    ],
    sections: recipes.map(({ label, epochs, results }) => {
      const raced = results.flatMap((result) => (result.available ? [result] : []));
      const levels = raced[0]?.levels.map(({ level }) => level) ?? [];
      return {
        title: label,
        note: `At most ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}.`,
        charts: levels.map((level, place) => ({
          title: `Seconds to ${levelText(level)}`,
          bars: raced.flatMap(({ label: name, levels: own }) => {
            const reached = own[place];
            if (reached === undefined) return [];
            const { mean = null, least = null, most = null } = reached.seconds ?? {};
            return [{ label: name, value: mean, low: least, high: most, figure: levelCell(reached) }];
          }),
          lines: [],
        })),
        absent: results.flatMap((result) =>
          result.available
            ? result.runs.flatMap(({ seed, fault }) =>
                fault === null ? [] : [`${result.label}, seed ${seed}: ${fault}`],
              )
            : [`${result.label}: ${result.why}`],
        ),
      };
    }),
  };
}

/** The page of `--ui`: a chart for each measure, a bar for each network. */
export function uiCharts({ machine, browser, rounds, interrupted, subjects }: UiReport): ChartPage {
  const ids = Object.keys(measureTable).filter((id): id is MeasureId => id in measureTable);
  const chartOf = (id: MeasureId): Chart => ({
    title: `${measureTable[id].label}, ${measureTable[id].kind === 'memory' ? 'MiB' : 'ms'}`,
    bars: subjects.flatMap(({ label, measures }): Bar[] => {
      const measure = measures.find((each) => each.id === id);
      if (measure === undefined) return [];
      if (measure.kind === 'frames') {
        const { medianMs: value, p95Ms: high, lateShare } = measure;
        const figure = `${one(value)}, 95 % within ${one(high)}, ${percentText(lateShare)} late`;
        return [{ label, value, low: value, high, figure }];
      }
      const [value, low, high] =
        measure.kind === 'memory'
          ? [measure.medianBytes, measure.leastBytes, measure.worstBytes].map((bytes) => bytes / 2 ** 20)
          : [measure.medianMs, measure.bestMs, measure.worstMs];
      if (value === undefined || low === undefined || high === undefined) return [];
      return [{ label, value, low, high, figure: spreadText(value, [low, high], one) }];
    }),
    lines: measureTable[id].kind === 'frames' ? [{ label: 'a screen of 60 Hz', value: 1000 / 60 }] : [],
  });
  return {
    title: 'Convloom bench: the app',
    facts: [...machineFacts(machine), ['Browser', `Chromium ${browser.version}`], ['Rounds', String(rounds)]],
    notes: [
      "Times by the page's own clock. Whiskers are the best and the worst round, of frames the median to the 95th percentile.",
      ...(interrupted ? [interruptedNote] : []),
    ],
    sections: [
      {
        title: 'Waiting and moving',
        note: '',
        charts: ids.map(chartOf),
        absent: subjects.flatMap(({ label, failures }) => failures.map((why) => `${label}: ${why}`)),
      },
    ],
  };
}
