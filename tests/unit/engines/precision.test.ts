import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Engine, Program } from '../../../electron/engines/engine';
import type { EngineChoice } from '../../../electron/engines/ladder';
import { settlePrecision } from '../../../electron/engines/precision';
import { verificationTraining } from '../../../electron/engines/verification';
import { success } from '../../../shared/diagnostics/diagnostic';
import { checkProgram } from '../../../shared/ops/check';
import { precisionOf, reducedProduct } from '../../../shared/ops/precision';

const home = mkdtempSync(join(tmpdir(), 'convloom-precision-'));
afterAll(() => rmSync(home, { recursive: true }));

/** An engine whose step takes a while, and whose loss is off, by what its products are computed in. */
function fakeEngine(delays: { readonly float32: number; readonly bfloat16: number }, off = 0) {
  const compiled: string[] = [];
  const engine: Engine = {
    id: 'tensorflow',
    reducedTypes: ['bfloat16'],
    probe: () => Promise.reject(new Error()),
    compile: (program: Program) => {
      const precision = reducedProduct(program) === null ? 'float32' : 'bfloat16';
      compiled.push(precision);
      return Promise.resolve(
        success({
          write: () => Promise.resolve(),
          read: () => Promise.resolve({}),
          run: async () => {
            await new Promise((resolve) => setTimeout(resolve, delays[precision]));
            const loss = precision === 'float32' ? 2 : 2 + off;
            return { loss: { dtype: 'float32', shape: [], data: Float32Array.of(loss) } };
          },
          dispose: () => Promise.resolve(),
        }),
      );
    },
  };
  return { engine, compiled };
}

function choiceOf(engine: Engine, device: string): EngineChoice {
  return { engine, status: { available: true, device, versions: {} }, skipped: [] };
}

const environment = { XDG_CACHE_HOME: home };

describe('the precision of a run', () => {
  it.each([
    ['faster with the same losses', { float32: 12, bfloat16: 2 }, 0, 'bfloat16'],
    ['slower', { float32: 2, bfloat16: 12 }, 0, 'float32'],
    ['no faster', { float32: 6, bfloat16: 6 }, 0, 'float32'],
    ['faster with other losses', { float32: 12, bfloat16: 2 }, 0.5, 'float32'],
  ] as const)('is by trial where bfloat16 is %s, and says why', async (title, delays, off, expected) => {
    const { engine, compiled } = fakeEngine(delays, off);
    const settled = await settlePrecision(choiceOf(engine, title), 'auto', environment);
    expect(settled.ok && settled.value.precision).toBe(expected);
    const note = settled.ok ? settled.value.note : null;
    expect(note?.code).toBe('engine/precision-settled');
    expect(note?.why?.en).toContain(title);
    expect(compiled.length).toBeGreaterThan(1);
  });

  it('is tried out once on a machine, and again on another device', async () => {
    const { engine, compiled } = fakeEngine({ float32: 1, bfloat16: 8 });
    await settlePrecision(choiceOf(engine, 'card'), 'auto', environment);
    const tries = compiled.length;
    const again = await settlePrecision(choiceOf(engine, 'card'), 'auto', environment);
    expect(compiled).toHaveLength(tries);
    expect(again.ok && again.value.precision).toBe('float32');
    expect(readFileSync(join(home, 'convloom', 'precision.json'), 'utf8')).toContain('card');
    await settlePrecision(choiceOf(engine, 'other card'), 'auto', environment);
    expect(compiled).toHaveLength(2 * tries);
  });

  it('is float32 where a trial fails, with its words', async () => {
    const { engine } = fakeEngine({ float32: 0, bfloat16: 0 });
    const broken: Engine = { ...engine, compile: () => Promise.reject(new Error('no such kernel')) };
    const settled = await settlePrecision(choiceOf(broken, 'broken'), 'auto', environment);
    expect(settled).toMatchObject({ ok: true, value: { precision: 'float32' } });
    expect(settled.ok && settled.value.note?.why?.en).toContain('no such kernel');
  });

  it('is what is asked for without a trial, and refused by an engine that has no kernels for it', async () => {
    const { engine, compiled } = fakeEngine({ float32: 0, bfloat16: 0 });
    const able = await settlePrecision(choiceOf(engine, 'card'), 'bfloat16', environment);
    expect(able).toEqual({ ok: true, value: { precision: 'bfloat16', note: null } });
    const choice = choiceOf({ ...engine, id: 'onnxruntime', reducedTypes: [] }, 'CPU');
    expect(await settlePrecision(choice, 'bfloat16', environment)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'engine/no-precision', at: { path: 'train.precision' } }],
    });
    expect(await settlePrecision(choice, 'auto', environment)).toMatchObject({
      ok: true,
      value: { precision: 'float32', note: { code: 'engine/precision-settled' } },
    });
    expect(await settlePrecision(choice, 'float32', environment)).toEqual({
      ok: true,
      value: { precision: 'float32', note: null },
    });
    expect(compiled).toEqual([]);
  });
});

describe('a program in bfloat16', () => {
  const { program } = verificationTraining('small', 'bfloat16');

  it('has its products in that type while it trains, and nothing else, and is a graph as it should be', () => {
    const { trainStep, evaluate, predict } = program.functions;
    const products = trainStep!.nodes.filter((node) => precisionOf(node) === 'bfloat16');
    expect(new Set(products.map(({ op }) => op))).toEqual(
      new Set(['matMul', 'conv2d', 'conv2dInputGrad', 'conv2dFilterGrad']),
    );
    const left = trainStep!.nodes.filter((node) => /^(matMul|conv2d)/.test(node.op)).length;
    expect(products).toHaveLength(left);
    for (const { nodes } of [evaluate!, predict!]) {
      expect(nodes.every((node) => precisionOf(node) === 'float32')).toBe(true);
    }
    expect(new Set(trainStep!.nodes.map(({ dtype }) => dtype))).not.toContain('bfloat16');
    expect(checkProgram(program)).toEqual([]);
  });
});
