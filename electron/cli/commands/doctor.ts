import { createServer } from 'node:net';
import type { EngineReport, HealthCheck } from '../../../shared/host/api';
import { text } from '../../../shared/text';
import { defaultPort } from '../../server';
import { defineCommand, jsonOption } from '../command';
import { printableLine } from '../printable';
import { reportFailure } from '../report';
import { withHost } from '../withHost';

const marks = { fine: ' ', warning: '!', fault: '×' } as const;

/** `convloom doctor`. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'what is wrong on this machine, and the mend',
  details: [
    'Looks at versions, memory, folders and their permissions, room on the disk, engines and devices, and the port of the browser',
    'form. × marks what fails (exit code 1), ! what works with less than it could.',
  ].join('\n'),
  positionals: [],
  options: { json: jsonOption },
  run: async ({ options }, terminal) =>
    await withHost(async (host) => {
      const health = await host.request('host.check', {});
      if (!health.ok) return reportFailure(health, options.json, terminal);
      const engines = await host.request('engines.list', { recheck: true });
      if (!engines.ok) return reportFailure(engines, options.json, terminal);
      const checks = [...health.value, ...engineChecks(engines.value), await checkPort(defaultPort)];
      const ok = checks.every(({ state }) => state !== 'fault');
      if (options.json) {
        const plain = checks.map(({ what, mend, ...check }) => ({ ...check, what: what.en, mend: mend?.en ?? null }));
        terminal.out(JSON.stringify({ ok, checks: plain }, null, 2));
      } else {
        for (const { state, what, mend } of checks) {
          terminal.out(printableLine(`${marks[state]} ${what.en}`));
          if (mend !== null) terminal.out(printableLine(`    Mend: ${mend.en}`));
        }
        terminal.err(ok ? 'Nothing here keeps Convloom from working.' : 'Something here needs a mend.');
      }
      return ok ? 0 : 1;
    }),
});

/** One engine is enough; each that cannot run, or runs on less than it could, is told with its reason. */
function engineChecks(engines: readonly EngineReport[]): readonly HealthCheck[] {
  const isAnyAvailable = engines.some(({ available }) => available);
  return engines.map(({ id, label, available, chosen, device = '', why, mend, passedOver }): HealthCheck => {
    const lost = passedOver ?? null;
    const taken = chosen ? text(', the one that is taken', '，默认使用') : text('', '');
    if (!available) {
      const reason = why ?? text('it does not say why', '未说明原因');
      return {
        id: `engine-${id}`,
        state: isAnyAvailable ? 'warning' : 'fault',
        what: text(`Engine ${label} cannot run here: ${reason.en}`, `引擎 ${label} 在此无法运行：${reason.zh}`),
        mend: mend ?? null,
      };
    }
    const what = text(`Engine ${label}: ${device}${taken.en}`, `引擎 ${label}：${device}${taken.zh}`);
    if (lost === null) return { id: `engine-${id}`, state: 'fine', what, mend: null };
    return {
      id: `engine-${id}`,
      // A machine without a card is no fault of the machine.
      state: lost.mend === null ? 'fine' : 'warning',
      what: text(
        `${what.en}. Not on ${lost.device}: ${lost.why.en}`,
        `${what.zh}。未使用 ${lost.device}：${lost.why.zh}`,
      ),
      mend: lost.mend,
    };
  });
}

/** Whether the browser form gets its usual address. */
async function checkPort(port: number): Promise<HealthCheck> {
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
  return {
    id: 'port',
    state: 'fine',
    what: isFree
      ? text(`Port ${port} of this machine is free`, `本机端口 ${port} 空闲`)
      : text(
          `Port ${port} of this machine is in use; the browser form takes the next free one`,
          `本机端口 ${port} 已被占用；浏览器形式会使用下一个空闲端口`,
        ),
    mend: null,
  };
}
