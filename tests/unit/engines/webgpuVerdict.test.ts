import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWebgpuCheck } from '../../../electron/host/webgpuCheck';
import { chooseDevice } from '../../../electron/engines/onnxruntime/device';
import { parseWindowsCards, readLinuxCards } from '../../../electron/engines/onnxruntime/graphicsCards';
import { explainVerdict, readVerdict, verdictFile, verdictKey } from '../../../electron/engines/onnxruntime/verdict';
import type { Verdict } from '../../../electron/engines/onnxruntime/verdict';
import { success } from '../../../shared/diagnostics/diagnostic';
import { createScriptedTrainer } from '../../support/scriptedTrainer';
import type { ScriptedTrainer } from '../../support/scriptedTrainer';

const card = { names: ['NVIDIA H100'], fingerprint: 'driver 570' };
const key = verdictKey(card);

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'convloom-webgpu-'));
  path = join(dir, 'cache', 'verdict.json');
  vi.stubEnv('CONVLOOM_ONNXRUNTIME', undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

async function write(name: string, content: string): Promise<void> {
  await mkdir(dirname(join(dir, name)), { recursive: true });
  await writeFile(join(dir, name), content);
}

describe('graphics cards on Linux', () => {
  it('are none on a machine that lists none', () => {
    expect(readLinuxCards(dir).names).toEqual([]);
  });

  it("are named by NVIDIA's driver, once", async () => {
    await write('proc/driver/nvidia/gpus/0000:01:00.0/information', 'Model: \t\t NVIDIA H100\nIRQ: 1\n');
    await write('sys/class/drm/renderD128/device/vendor', '0x10de\n');
    expect(readLinuxCards(dir).names).toEqual(['NVIDIA H100']);
  });

  it('are told by maker and number where only PCI knows them', async () => {
    await write('sys/class/drm/renderD128/device/vendor', '0x1002\n');
    await write('sys/class/drm/renderD128/device/device', '0x744c\n');
    expect(readLinuxCards(dir).names).toEqual(['AMD GPU (1002:744c)']);
  });

  it.each([
    ['virtio', '0x1af4'],
    ['VMware', '0x15ad'],
    ["a server board's console", '0x1a03'],
  ])('do not count %s', async (_, vendor) => {
    await write('sys/class/drm/renderD128/device/vendor', vendor);
    expect(readLinuxCards(dir).names).toEqual([]);
  });

  it('have another fingerprint when a Vulkan driver comes', async () => {
    const before = readLinuxCards(dir).fingerprint;
    await write('usr/share/vulkan/icd.d/radeon_icd.json', '{}');
    expect(readLinuxCards(dir).fingerprint).not.toBe(before);
  });
});

it('reads cards and driver versions from the registry of Windows, without its pictures of cards', () => {
  const output = [
    'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0000',
    '    DriverDesc    REG_SZ    NVIDIA GeForce RTX 4070',
    '    DriverVersion    REG_SZ    32.0.15.6094',
    '    DriverDesc    REG_SZ    Microsoft Basic Display Adapter',
  ].join('\r\n');
  const { names, fingerprint } = parseWindowsCards(output);
  expect(names).toEqual(['NVIDIA GeForce RTX 4070']);
  expect(fingerprint).toContain('32.0.15.6094');
});

describe('a verdict', () => {
  it('is read as it was written', async () => {
    await write('v.json', verdictFile(key, { outcome: 'works', speedup: 9 }));
    expect(readVerdict(key, join(dir, 'v.json'))).toEqual({ outcome: 'works', speedup: 9 });
  });

  it.each([
    ['is missing', null],
    ['is cut short', verdictFile(key, { outcome: 'works', speedup: 9 }).slice(0, 40)],
    ['holds something else', '{"format":"convloom.webgpu","version":1,"key":1}'],
    [
      'is about another driver',
      verdictFile(verdictKey({ ...card, fingerprint: 'driver 580' }), { outcome: 'notCarried' }),
    ],
  ])('counts as none where its file %s', async (_, content) => {
    if (content !== null) await write('v.json', content);
    expect(readVerdict(key, join(dir, 'v.json'))).toBeNull();
  });

  const against: readonly (readonly [Verdict, boolean])[] = [
    [{ outcome: 'slower', speedup: 0.003 }, false],
    [{ outcome: 'notCarried' }, false],
    [{ outcome: 'noAdapter', detail: '' }, true],
    [{ outcome: 'failed', detail: 'device lost' }, true],
    [{ outcome: 'differs', detail: '0.02' }, true],
    [{ outcome: 'crashed', detail: 'SIGSEGV' }, true],
    [{ outcome: 'hung', detail: '60' }, true],
  ];
  it.each(against)('%o says why, and whether a step helps (%s)', (verdict, isMendable) => {
    const explained = explainVerdict(verdict, 'NVIDIA H100', 'linux');
    const detail = 'speedup' in verdict ? '0.0030' : 'detail' in verdict ? verdict.detail : '';
    expect(explained?.why.en).toContain(detail);
    expect(explained?.why.zh).toContain(detail);
    expect(explained?.mend != null).toBe(isMendable);
  });

  it('for the card passes nothing over', () => {
    expect(explainVerdict({ outcome: 'works', speedup: 9 }, 'NVIDIA H100', 'linux')).toBeNull();
  });
});

describe('the check', () => {
  let trainers: ScriptedTrainer[];
  beforeEach(() => {
    trainers = [];
  });

  function createCheck(names: readonly string[], limitMs = 5000) {
    const fork = () => {
      const trainer = createScriptedTrainer(null);
      trainers.push(trainer);
      return trainer.process;
    };
    return createWebgpuCheck(fork, { limitMs, path, readCards: () => Promise.resolve({ ...card, names }) });
  }

  /** Answers the question of the last trainer. */
  async function answer(value: Verdict): Promise<void> {
    await vi.waitFor(() => expect(trainers.at(-1)?.commands).toHaveLength(1));
    const command = trainers.at(-1)!.commands[0]!;
    if (command.type !== 'ask') throw new Error('The trainer was not asked.');
    expect(command.name).toBe('webgpu');
    trainers.at(-1)!.report({ type: 'answer', id: command.id, result: success(value) });
  }

  it('starts no process where there is no card', async () => {
    await createCheck([])({ again: true });
    expect(trainers).toEqual([]);
  });

  it("starts no process against the user's word", async () => {
    vi.stubEnv('CONVLOOM_ONNXRUNTIME', 'cpu');
    await createCheck(card.names)({ again: true });
    expect(trainers).toEqual([]);
  });

  it('tries once, keeps what came of it, and ends its process', async () => {
    const check = createCheck(card.names);
    const both = [check({ again: false }), check({ again: false })];
    await answer({ outcome: 'works', speedup: 4 });
    await Promise.all(both);
    await check({ again: true });
    expect(trainers.map(({ isKilled }) => isKilled)).toEqual([true]);
    expect(readVerdict(key, path)).toEqual({ outcome: 'works', speedup: 4 });
  });

  it('tries again what failed, when asked to', async () => {
    const check = createCheck(card.names);
    const first = check({ again: false });
    await answer({ outcome: 'noAdapter', detail: 'No supported adapters' });
    await first;
    await check({ again: false });
    expect(trainers).toHaveLength(1);
    const second = check({ again: true });
    await vi.waitFor(() => expect(trainers).toHaveLength(2));
    await answer({ outcome: 'works', speedup: 2 });
    await second;
    expect(readVerdict(key, path)).toEqual({ outcome: 'works', speedup: 2 });
  });

  it('survives a driver that ends its process', async () => {
    const checking = createCheck(card.names)({ again: false });
    await vi.waitFor(() => expect(trainers[0]?.commands).toHaveLength(1));
    trainers[0]!.exit({ signal: 'SIGSEGV' });
    await checking;
    expect(readVerdict(key, path)).toEqual({
      outcome: 'crashed',
      detail: expect.stringContaining('SIGSEGV') as string,
    });
  });

  it('survives a driver that hangs', async () => {
    await createCheck(card.names, 50)({ again: false });
    expect(trainers[0]?.isKilled).toBe(true);
    expect(readVerdict(key, path)).toMatchObject({ outcome: 'hung' });
  });
});

describe("the user's word", () => {
  it('keeps to the CPU, and says so', async () => {
    const device = await chooseDevice({ CONVLOOM_ONNXRUNTIME: 'cpu' });
    expect(device.provider).toBe('cpu');
    expect(device.passedOver?.why.en).toContain('CONVLOOM_ONNXRUNTIME');
  });

  it('takes WebGPU unchecked', async () => {
    expect((await chooseDevice({ CONVLOOM_ONNXRUNTIME: 'webgpu' })).provider).toBe('webgpu');
  });
});
