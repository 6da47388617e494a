import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../../electron/files/processes';

describe('whether a process is at work', () => {
  it('is so of this one, and of none by a number that is no process id', () => {
    expect(isProcessAlive(process.pid)).toBe(true);
    expect([0, -1, 1.5, Number.NaN].filter(isProcessAlive)).toEqual([]);
  });

  // Elsewhere there is no /proc, and no process that stays when it has ended.
  it.runIf(process.platform === 'linux')('is not so of one that ended and whose parent never asked', async () => {
    // The shell becomes a sleep before its child ends, and a sleep never asks for what a child ended with.
    const parent = spawn('sh', ['-c', 'sh -c "sleep 0.5" & echo $!; exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text) => resolve(Number(text))));
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ');
      expect(isProcessAlive(pid)).toBe(false);
    } finally {
      parent.kill();
    }
  });
});
