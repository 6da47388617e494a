import { describe, expect, it } from 'vitest';
import { engines } from '../../../electron/engines';
import type { Engine, EngineStatus } from '../../../electron/engines/engine';
import { chooseFrom, fasterWithinReach } from '../../../electron/engines/ladder';
import { failure } from '../../../shared/diagnostics/diagnostic';
import { text } from '../../../shared/text';
import type { EngineId } from '../../../shared/schema/training';

const available: EngineStatus = { available: true, device: 'CPU', versions: {} };
const missing: EngineStatus = {
  available: false,
  why: text('No library.', '没有库。'),
  mend: text('Get one.', '装一个。'),
};

function engine(id: EngineId, probe: () => Promise<EngineStatus>): Engine {
  return { id, reducedTypes: [], probe, compile: () => Promise.resolve(failure()) };
}

const says = (status: EngineStatus) => () => Promise.resolve(status);

describe('the ladder of engines', () => {
  it('is ordered from the fastest down', () => {
    expect(engines.map(({ id }) => id)).toEqual(['tensorflow', 'onnxruntime', 'tfjs']);
  });

  it('picks the first that can run and tells why those above it cannot', async () => {
    const ladder = [
      engine('tensorflow', says(missing)),
      engine('onnxruntime', says(available)),
      engine('tfjs', says(available)),
    ];
    const choice = await chooseFrom(ladder, 'auto');
    expect(choice).toMatchObject({
      ok: true,
      value: {
        engine: { id: 'onnxruntime' },
        skipped: [{ id: 'tensorflow', why: { en: 'No library.' }, mend: { en: 'Get one.' } }],
      },
    });
  });

  it('never puts another engine in the place of the one asked for', async () => {
    const ladder = [engine('tensorflow', says(missing)), engine('tfjs', says(available))];
    const choice = await chooseFrom(ladder, 'tensorflow');
    expect(choice.ok).toBe(false);
    if (!choice.ok) expect(choice.diagnostics.map(({ code }) => code)).toEqual(['engine/unavailable']);
  });

  it('takes exactly the one asked for, also when a faster one can run', async () => {
    const ladder = [engine('tensorflow', says(available)), engine('tfjs', says(available))];
    expect(await chooseFrom(ladder, 'tfjs')).toMatchObject({
      ok: true,
      value: { engine: { id: 'tfjs' }, skipped: [] },
    });
  });

  it('goes on past an engine whose probe throws', async () => {
    const broken = engine('tensorflow', () => Promise.reject(new Error('boom')));
    const choice = await chooseFrom([broken, engine('tfjs', says(available))], 'auto');
    expect(choice).toMatchObject({ ok: true, value: { engine: { id: 'tfjs' } } });
    if (choice.ok) expect(choice.value.skipped[0]?.why.en).toContain('boom');
  });

  const withoutCard: EngineStatus = {
    ...available,
    passedOver: { device: 'WebGPU', why: text('No card.', '没有显卡。'), mend: null },
  };
  const withoutDriver: EngineStatus = {
    ...available,
    passedOver: { device: 'WebGPU', why: text('No driver.', '没有驱动。'), mend: text('Get one.', '装一个。') },
  };
  const hopeless: EngineStatus = { ...missing, mend: null };

  it.each([
    ['an engine that a step would bring', [missing, available], 'auto', 'TensorFlow is'],
    ['a device that a step would bring', [hopeless, withoutDriver], 'auto', 'ONNX Runtime (WebGPU) is'],
    ['nothing where no step helps', [hopeless, withoutCard], 'auto', null],
    ['nothing where the best runs', [available, withoutDriver], 'auto', null],
    ['no other engine than the one asked for', [missing, available], 'onnxruntime', null],
  ] as const)('points to %s', async (_, [first, second], preference, expected) => {
    const ladder = [engine('tensorflow', says(first)), engine('onnxruntime', says(second))];
    const choice = await chooseFrom(ladder, preference);
    if (!choice.ok) throw new Error('None was chosen.');
    const faster = fasterWithinReach(choice.value);
    if (expected === null) expect(faster).toBeNull();
    else expect(faster).toMatchObject({ summary: { en: expect.stringContaining(expected) as string } });
  });

  it('gives every reason when none can run', async () => {
    const choice = await chooseFrom([engine('tensorflow', says(missing)), engine('tfjs', says(missing))], 'auto');
    expect(choice.ok).toBe(false);
    if (!choice.ok) expect(choice.diagnostics).toHaveLength(2);
  });
});
