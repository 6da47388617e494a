import { spawn } from 'node:child_process';
import { createHost } from '../../host';
import { startServer } from '../../server';
import { defineCommand, jsonOption } from '../command';
import { reportFailure } from '../report';
import type { Terminal } from '../terminal';

/** `convloom serve`. */
export const serve = defineCommand({
  name: 'serve',
  summary: 'the app in a browser on this machine, until Ctrl-C',
  details: 'The server answers on 127.0.0.1 only, and only to who knows the token in the printed address.',
  positionals: [],
  options: {
    port: { type: 'integer', min: 0, max: 65_535, doc: 'listen here; without it, the next free port from 8930 on' },
    'no-open': { type: 'flag', doc: 'do not open the browser' },
    json: jsonOption,
  },
  run: async ({ options }, terminal) => {
    const host = createHost({ form: 'browser' });
    const server = await startServer({ host, ...(options.port === undefined ? {} : { port: options.port }) });
    if (!server.ok) {
      await host.dispose();
      reportFailure(server, options.json, terminal);
      return 1;
    }
    const { url } = server.value;
    terminal.out(options.json ? JSON.stringify({ url }) : url);
    terminal.err('Convloom is open at the address above. Ctrl-C ends it.');
    if (!options['no-open'] && hasDisplay()) openBrowser(url, terminal);
    await new Promise<void>((resolve) => {
      terminal.onInterrupt(resolve);
    });
    await server.value.close();
    await host.dispose();
    return 0;
  },
});

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}

/** Asks the desktop to show the address; that it cannot is no error, since the address is printed. */
function openBrowser(url: string, terminal: Terminal): void {
  const [command, args]: readonly [string, readonly string[]] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? // `start` takes its first quoted argument for a window title.
          ['cmd', ['/c', 'start', '""', url]]
        : ['xdg-open', [url]];
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => terminal.err('No browser could be opened: open the address yourself.'));
  child.unref();
}
