import { expect, it, vi } from 'vitest';
import { processTerminal } from '../../../electron/cli/terminal';

it('takes a closed terminal for a request to end, made once, and loses no more than words by it', () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never);
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const others = process.listeners('exit');
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
    const ends = process.listeners('exit').filter((listener) => !others.includes(listener));
    for (const end of ends) {
      process.off('exit', end);
      end(0);
    }
    expect(kill.mock.calls).toEqual([[process.pid, 'SIGHUP']]);
  } finally {
    release();
    kill.mockRestore();
    exit.mockRestore();
  }
});
