import { defineCommand, jsonOption } from '../command';
import { diagnosticJson, diagnosticLines, reportFailure } from '../report';
import { resolveRun } from '../resolveRun';
import { countText } from '../table';
import { engineOption } from '../trainingOptions';
import { withHost } from '../withHost';

/** `convloom evaluate`. */
export const evaluate = defineCommand({
  name: 'evaluate',
  summary: "score a run's or a model's weights: on the validation split of its own data, on all of other data",
  positionals: [{ name: 'RUN', doc: "a run's folder or id, or a model" }],
  options: {
    data: { type: 'text', placeholder: 'SPEC', doc: "other data than the run's own" },
    engine: engineOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [run = ''] }, terminal) =>
    await withHost(async (host) => {
      const evaluated = await host.request('model.evaluate', {
        model: { type: 'path', path: resolveRun(run) },
        data: options.data ?? null,
        engine: options.engine ?? 'auto',
      });
      if (!evaluated.ok) return reportFailure(evaluated, options.json, terminal);
      const { value } = evaluated;
      if (options.json) {
        const warnings = value.warnings.map((warning) => diagnosticJson(warning));
        terminal.out(JSON.stringify({ ok: true, ...value, warnings }, null, 2));
        return 0;
      }
      for (const line of diagnosticLines(value.warnings)) terminal.err(line);
      const part = value.part === 'all' ? 'all of the data' : 'the validation split';
      terminal.err(`${value.data}, ${countText(value.count)} samples (${part}), ${value.engine}`);
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
