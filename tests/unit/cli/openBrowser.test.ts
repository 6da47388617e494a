import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openBrowser } from '../../../electron/cli/openBrowser';

const url = 'http://127.0.0.1:8930/?token=the-secret';
let scratchDir: string;
beforeEach(async () => {
  scratchDir = await mkdtemp(join(tmpdir(), 'convloom-opener-'));
});
afterEach(async () => {
  await rm(scratchDir, { recursive: true, force: true });
});

async function opened(platform: NodeJS.Platform) {
  const started: (readonly string[])[] = [];
  const opener = await openBrowser(url, () => undefined, {
    platform,
    scratchDir,
    start: (command, args) => void started.push([command, ...args]),
  });
  return { opener, started };
}

describe('opening the browser', () => {
  it.each([
    ['linux', ['xdg-open']],
    ['darwin', ['open']],
    ['win32', ['rundll32', 'url.dll,FileProtocolHandler']],
  ] as const)('shows no token on a command line of %s, where every user reads it', async (platform, command) => {
    const { started, opener } = await opened(platform);
    expect(started).toHaveLength(1);
    expect(started[0]!.slice(0, -1)).toEqual(command);
    expect(started[0]!.join(' ')).not.toContain('the-secret');
    const file = started[0]!.at(-1)!;
    expect(await readFile(file, 'utf8')).toContain(`content="0; url=${url}"`);
    await opener.close();
  });

  it.skipIf(process.platform === 'win32')('gives the address to this user alone', async () => {
    const { started, opener } = await opened('linux');
    const file = started[0]!.at(-1)!;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
    await opener.close();
  });

  it('leaves nothing behind: not at the end, not where nothing can be started', async () => {
    const { opener } = await opened('linux');
    expect(await readdir(scratchDir)).toHaveLength(1);
    await opener.close();
    expect(await readdir(scratchDir)).toEqual([]);
    const failed = vi.fn();
    await openBrowser(url, failed, { platform: 'linux', scratchDir, start: (_command, _args, fail) => fail() });
    expect(failed).toHaveBeenCalledOnce();
    await vi.waitFor(async () => expect(await readdir(scratchDir)).toEqual([]));
  });

  it('takes the file away after a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await opened('linux');
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await vi.waitFor(async () => expect(await readdir(scratchDir)).toEqual([]));
  });

  it('says that it failed where no file can be written', async () => {
    const failed = vi.fn();
    const start = vi.fn();
    await openBrowser(url, failed, { platform: 'linux', scratchDir: join(scratchDir, 'none'), start });
    expect([failed.mock.calls.length, start.mock.calls.length]).toEqual([1, 0]);
  });
});
