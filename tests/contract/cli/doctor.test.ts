import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { convloom } from '../../support/commandLine';

const answerSchema = z.strictObject({
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      id: z.string(),
      state: z.enum(['fine', 'warning', 'fault']),
      what: z.string().min(1),
      mend: z.string().min(1).nullable(),
    }),
  ),
});

describe('convloom doctor', () => {
  it('checks folders, engines and the port, and its exit code says whether something is wrong', async () => {
    const { code, json } = await convloom('doctor', '--json');
    const { ok, checks } = answerSchema.parse(json());
    expect(code).toBe(checks.some(({ state }) => state === 'fault') ? 1 : 0);
    expect(ok).toBe(code === 0);
    const ids = checks.map(({ id }) => id);
    for (const id of ['versions', 'data-folder', 'cache-folder', 'engine-onnxruntime', 'port'])
      expect(ids).toContain(id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
