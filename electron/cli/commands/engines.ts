import { defineCommand, jsonOption } from '../command';
import { reportFailure } from '../report';
import { withHost } from '../withHost';

/** `convloom engines`. */
export const engines = defineCommand({
  name: 'engines',
  summary: 'what can train here, on which device, and for what cannot: why, and the mend',
  positionals: [],
  options: { json: jsonOption },
  run: async ({ options }, terminal) =>
    await withHost(async (host) => {
      const list = await host.request('engines.list', { recheck: true });
      if (!list.ok) return reportFailure(list, options.json, terminal);
      if (options.json) {
        terminal.out(JSON.stringify(list.value, null, 2));
        return 0;
      }
      for (const { id, label, available, chosen, device, versions, why, mend } of list.value) {
        const state = available ? (device ?? 'available') : 'cannot run here';
        terminal.out(`${chosen ? '*' : ' '} ${id.padEnd(12)} ${label}: ${state}`);
        const versionText = Object.entries(versions ?? {}).map(([name, version]) => `${name} ${version}`);
        if (versionText.length > 0) terminal.out(`${' '.repeat(15)}${versionText.join(', ')}`);
        if (why !== undefined) terminal.out(`${' '.repeat(15)}Why: ${why}`);
        if (mend !== undefined) terminal.out(`${' '.repeat(15)}Mend: ${mend}`);
      }
      terminal.err('* is what --engine auto takes.');
      return 0;
    }),
});
