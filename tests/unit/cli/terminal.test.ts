import { expect, it, vi } from 'vitest';
import { processTerminal } from '../../../electron/cli/terminal';

it('takes a closed terminal for a request to end, made once, and loses no more than words by it', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const asked = vi.fn();
  const release = processTerminal().onInterrupt(asked);
  try {
    process.emit('SIGHUP');
    process.emit('SIGHUP');
    for (const stream of [process.stdout, process.stderr])
      stream.emit('error', Object.assign(new Error(), { code: 'EIO' }));
    expect([asked.mock.calls.length, exit.mock.calls.length]).toEqual([1, 0]);
    process.emit('SIGTERM');
    expect(exit).toHaveBeenCalledWith(130);
  } finally {
    release();
    exit.mockRestore();
  }
});
