import { evaluatedParts } from '../../../shared/schema/data';
import { defineCommand, jsonOption } from '../command';
import { diagnosticJson, diagnosticLines, reportFailure } from '../report';
import { resolveRun } from '../resolveRun';
import { countText } from '../table';
import { engineOption } from '../trainingOptions';
import { withHost } from '../withHost';

/** `convloom evaluate`. */
export const evaluate = defineCommand({
  name: 'evaluate',
  summary:
    "score a run's or a model's weights: on the test part of its own data, or the validation part; on all of other data",
  positionals: [{ name: 'RUN', doc: "a run's folder or id, or a model" }],
  options: {
    data: { type: 'text', placeholder: 'SPEC', doc: "other data than the run's own" },
    part: {
      type: 'choice',
      values: evaluatedParts,
      doc: 'what to score on (default: the test part of its own data where there is one, else the validation part; all of other data)',
    },
    engine: engineOption,
    json: jsonOption,
  },
  run: async ({ options, positionals: [run = ''] }, terminal) =>
    await withHost(async (host) => {
      const evaluated = await host.request('model.evaluate', {
        model: { type: 'path', path: resolveRun(run) },
        data: options.data ?? null,
        engine: options.engine ?? 'auto',
        ...(options.part === undefined ? {} : { part: options.part }),
      });
      if (!evaluated.ok) return reportFailure(evaluated, options.json, terminal);
      const { value } = evaluated;
      if (options.json) {
        const warnings = value.warnings.map((warning) => diagnosticJson(warning));
        terminal.out(JSON.stringify({ ok: true, ...value, warnings }, null, 2));
        return 0;
      }
      for (const line of diagnosticLines(value.warnings)) terminal.err(line);
      terminal.err(`${value.data}, ${countText(value.count)} samples (${partWords[value.part]}), ${value.engine}`);
      terminal.out(`loss      ${value.loss.toFixed(4)}`);
      if (value.accuracy !== null) terminal.out(scoreLine('accuracy', value.accuracy, value.baseline.accuracy));
      if (value.meanIou !== null) terminal.out(scoreLine('mean IoU', value.meanIou, value.baseline.meanIou));
      return 0;
    }),
});

const partWords = {
  test: 'the test part, kept apart',
  validation: 'the validation part',
  all: 'all of the data',
} as const;

function scoreLine(name: string, score: number, baseline: number | null): string {
  const beside = baseline === null ? '' : `  (the commonest class alone: ${(100 * baseline).toFixed(2)} %)`;
  return `${name}  ${(100 * score).toFixed(2)} %${beside}`;
}
