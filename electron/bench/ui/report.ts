import { z } from 'zod';
import { machineSchema } from '../report';
import { uiSubjectIds } from './measures';
import type { MeasureId } from './measures';
import { measureTable } from './measures';
import type { UiReport } from './runUiBench';

const finite = z.number();
const named = {
  id: z.enum(Object.keys(measureTable).filter((id): id is MeasureId => id in measureTable)),
  label: z.string(),
};

/** What `convloom bench --ui --json` prints. */
export const uiReportSchema: z.ZodType<UiReport> = z.strictObject({
  machine: machineSchema,
  browser: z.strictObject({ path: z.string(), version: z.string() }),
  viewport: z.strictObject({ width: finite, height: finite }),
  rounds: z.int(),
  stepCount: z.int(),
  interrupted: z.boolean(),
  subjects: z.array(
    z.strictObject({
      id: z.enum(['app', ...uiSubjectIds]),
      label: z.string(),
      nodeCount: z.int().nullable(),
      failures: z.array(z.string()),
      measures: z.array(
        z.discriminatedUnion('kind', [
          z.strictObject({
            ...named,
            kind: z.literal('latency'),
            medianMs: finite,
            bestMs: finite,
            worstMs: finite,
            roundsMs: z.array(finite),
          }),
          z.strictObject({
            ...named,
            kind: z.literal('frames'),
            frames: z.int(),
            medianMs: finite,
            p95Ms: finite,
            longestMs: finite,
            lateShare: finite,
          }),
          z.strictObject({
            ...named,
            kind: z.literal('memory'),
            medianBytes: finite,
            leastBytes: finite,
            worstBytes: finite,
          }),
        ]),
      ),
    }),
  ),
});
