import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNvidiaCard } from '../../../electron/engines/tensorflow/cuda';
import { explainCpu } from '../../../electron/engines/tensorflow/device';
import type { CudaFacts } from '../../../electron/engines/tensorflow/device';

const ready: CudaFacts = {
  variant: 'gpu',
  card: 'NVIDIA L4',
  driver: '550.54',
  missing: [],
  visible: undefined,
  platform: 'linux x64',
};

describe('why TensorFlow is on the CPU', () => {
  it('is no question where there is neither a card nor a build for one', () => {
    expect(explainCpu({ ...ready, variant: 'cpu', card: undefined })).toBeUndefined();
  });

  it.each([
    ['the CPU build beside a card', { variant: 'cpu' }, 'NVIDIA L4', 'without CUDA', 'tensorflow --gpu'],
    ['the CPU build, and no driver', { variant: 'cpu', driver: undefined }, 'NVIDIA L4', 'without CUDA', 'driver'],
    ['the CPU build, and an old driver', { variant: 'cpu', driver: '470.82' }, 'NVIDIA L4', 'without CUDA', '525'],
    ['a platform without a CUDA build', { variant: 'cpu', platform: 'linux arm64' }, 'NVIDIA L4', 'arm64', null],
    ['the CUDA build without a card', { card: undefined }, 'NVIDIA GPU', 'no NVIDIA card', null],
    ['no driver', { driver: undefined }, 'NVIDIA L4', 'not loaded', 'restart'],
    ['a driver that is too old', { driver: '470.82' }, 'NVIDIA L4', '470.82', '525'],
    ['a library that is missing', { missing: ['libcudnn.so.9'] }, 'NVIDIA L4', 'libcudnn.so.9', '--gpu --force'],
    ['a card that is hidden', { visible: '-1' }, 'NVIDIA L4', '"-1"', 'Unset'],
    ['a card that TensorFlow refuses', {}, 'NVIDIA L4', 'cannot use', 'TF_CPP_MIN_LOG_LEVEL=0'],
  ] satisfies readonly (readonly [string, Partial<CudaFacts>, string, string, string | null])[])(
    'is told for %s',
    (_, facts, device, why, mend) => {
      const passedOver = explainCpu({ ...ready, ...facts });
      expect(passedOver?.device).toBe(device);
      expect(passedOver?.why.en).toContain(why);
      if (mend === null) expect(passedOver?.mend).toBeNull();
      else expect(passedOver?.mend?.en).toContain(mend);
    },
  );
});

describe('the NVIDIA card', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'convloom-pci-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const device = (slot: string, vendor: string, kind: string): void => {
    const folder = join(root, 'sys/bus/pci/devices', slot);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'vendor'), `${vendor}\n`);
    writeFileSync(join(folder, 'class'), `${kind}\n`);
  };

  it('is found by the name that its driver gives', () => {
    const folder = join(root, 'proc/driver/nvidia/gpus/0000:01:00.0');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'information'), 'Model: \t\t NVIDIA L4\n');
    expect(findNvidiaCard(root)).toBe('NVIDIA L4');
  });

  it('is found without its driver', () => {
    device('0000:00:02.0', '0x8086', '0x030000');
    device('0000:01:00.0', '0x10de', '0x030200');
    expect(findNvidiaCard(root)).toBe('NVIDIA GPU');
  });

  it('is neither the card of another maker nor a sound device', () => {
    device('0000:00:02.0', '0x8086', '0x030000');
    device('0000:01:00.1', '0x10de', '0x040300');
    expect(findNvidiaCard(root)).toBeUndefined();
  });

  it('is not there where there is no PCI', () => {
    expect(findNvidiaCard(root)).toBeUndefined();
  });
});
