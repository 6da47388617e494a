import { defineCommand, jsonOption } from '../command';
import { reportFailure } from '../report';
import { resolveRun } from '../resolveRun';
import { countText } from '../table';
import { engineOption } from '../trainingOptions';
import { withHost } from '../withHost';

/** `convloom evaluate`. */
export const evaluate = defineCommand({
  name: 'evaluate',
  summary: "score a run's weights on a validation split",
  positionals: [{ name: 'RUN', doc: "a run's folder, or its id" }],
  options: {
    data: { type: 'text', placeholder: 'SPEC', doc: "other data than the run's own" },
    engine: engineOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [run = ''] }, terminal) =>
    await withHost(async (host) => {
      const evaluated = await host.evaluate({
        dir: resolveRun(run),
        data: options.data ?? null,
        engine: options.engine ?? 'auto',
      });
      if (!evaluated.ok) return reportFailure(evaluated, options.json, terminal);
      const { value } = evaluated;
      if (options.json) {
        terminal.out(JSON.stringify({ ok: true, ...value }, null, 2));
        return 0;
      }
      terminal.err(`${value.data}, ${countText(value.count)} samples, ${value.engine}`);
      terminal.out(`loss      ${value.loss.toFixed(4)}`);
      if (value.accuracy !== null) terminal.out(scoreLine('accuracy', value.accuracy, value.baseline.accuracy));
      if (value.meanIou !== null) terminal.out(scoreLine('mean IoU', value.meanIou, value.baseline.meanIou));
      return 0;
    }),
});

function scoreLine(name: string, score: number, baseline: number | null): string {
  const beside = baseline === null ? '' : `  (the commonest class alone: ${(100 * baseline).toFixed(2)} %)`;
  return `${name}  ${(100 * score).toFixed(2)} %${beside}`;
}
