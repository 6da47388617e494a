import type { EngineReport } from '../../../shared/host/api';
import { defineCommand, jsonOption } from '../command';
import { reportFailure } from '../report';
import { withHost } from '../withHost';

/** An engine as the command line's JSON has it: in one language. */
function engineJson({ why, mend, passedOver, ...report }: EngineReport): object {
  return {
    ...report,
    ...(why === undefined ? {} : { why: why.en }),
    ...(mend === undefined ? {} : { mend: mend.en }),
    ...(passedOver === undefined
      ? {}
      : { passedOver: { ...passedOver, why: passedOver.why.en, mend: passedOver.mend?.en ?? null } }),
  };
}

/** `convloom engines`. */
export const engines = defineCommand({
  name: 'engines',
  summary: 'what can train here, on which device, and for what cannot: why, and the mend',
  details:
    'ONNX Runtime takes a graphics card through WebGPU once a trial on this machine has come to the same numbers as the CPU, and ' +
    'sooner. The trial is made once per card and driver; this command repeats one that failed. CONVLOOM_ONNXRUNTIME=cpu or webgpu ' +
    'overrules it.',
  positionals: [],
  options: { json: jsonOption },
  run: async ({ options }, terminal) =>
    await withHost(async (host) => {
      const list = await host.request('engines.list', { recheck: true });
      if (!list.ok) return reportFailure(list, options.json, terminal);
      if (options.json) {
        terminal.out(JSON.stringify(list.value.map(engineJson), null, 2));
        return 0;
      }
      for (const { id, label, available, chosen, device, versions, why, mend, passedOver } of list.value) {
        const state = available ? (device ?? 'available') : 'cannot run here';
        terminal.out(`${chosen ? '*' : ' '} ${id.padEnd(12)} ${label}: ${state}`);
        const versionText = Object.entries(versions ?? {}).map(([name, version]) => `${name} ${version}`);
        if (versionText.length > 0) terminal.out(`${' '.repeat(15)}${versionText.join(', ')}`);
        const details = {
          Why: why?.en,
          [`Not on ${passedOver?.device ?? ''}`]: passedOver?.why.en,
          Mend: mend?.en ?? passedOver?.mend?.en,
        };
        for (const [title, detail] of Object.entries(details)) {
          if (detail !== undefined) terminal.out(`${' '.repeat(15)}${title}: ${detail}`);
        }
      }
      terminal.err('* is what --engine auto takes.');
      return 0;
    }),
});
