import { createHost } from '../../host';
import { startServer } from '../../server';
import { defineCommand, jsonOption } from '../command';
import { openBrowser } from '../openBrowser';
import { reportFailure } from '../report';

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
    // That no browser can be opened is no error, since the address is printed.
    const complain = (): void => terminal.err('No browser could be opened: open the address yourself.');
    const opener = !options['no-open'] && hasDisplay() ? await openBrowser(url, complain) : null;
    await new Promise<void>((resolve) => {
      terminal.onInterrupt(resolve);
    });
    await opener?.close();
    await server.value.close();
    await host.dispose();
    return 0;
  },
});

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}
