import { describe, expect, it } from 'vitest';
import { deviceText } from '../../../shared/training/deviceText';

describe('the words for a device', () => {
  it.each([
    ['CPU, 2 threads (AMD EPYC 9B14)', 'CPU，2 线程 (AMD EPYC 9B14)'],
    ['CPU, WebAssembly, 1 thread', 'CPU, WebAssembly，1 线程'],
    ['NVIDIA H100', 'NVIDIA H100'],
  ])('%s', (device, zh) => {
    expect(deviceText(device)).toEqual({ en: device, zh });
  });
});
