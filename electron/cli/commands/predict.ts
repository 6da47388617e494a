import { resolve } from 'node:path';
import { pictureFormatsText } from '../../../shared/schema/data';
import type { Prediction, TablePrediction } from '../../../shared/host/api';
import { defineCommand, jsonOption } from '../command';
import type { ExitCode } from '../command';
import { diagnosticJson, diagnosticLines, reportFailure } from '../report';
import { resolveRun } from '../resolveRun';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';

const shownClasses = 5;

/** `convloom predict`. */
export const predict = defineCommand({
  name: 'predict',
  summary: "what a run's network says about a picture, or about each row of a table",
  positionals: [
    { name: 'RUN', doc: "a run's folder or id, or a model" },
    {
      name: 'FILE',
      doc: `a ${pictureFormatsText.en} file; for a network that was trained on a table, a table with the same columns`,
    },
  ],
  options: { json: jsonOption },
  run: async ({ options: { json }, positionals: [run = '', file = ''] }, terminal) =>
    await withHost(async (host) => {
      const model = { type: 'path', path: resolveRun(run) } as const;
      const info = await host.request('model.info', { model });
      if (!info.ok) return reportFailure(info, json, terminal);
      if (info.value.data?.scaling != null) {
        const predicted = await host.request('model.predictTable', { model, table: { path: resolve(file) } });
        return predicted.ok ? tellRows(predicted.value, json, terminal) : reportFailure(predicted, json, terminal);
      }
      const predicted = await host.request('model.predict', { model, input: { image: resolve(file) } });
      return predicted.ok ? tellPicture(predicted.value, json, terminal) : reportFailure(predicted, json, terminal);
    }),
});

function percent(probability: number): string {
  return `${(100 * probability).toFixed(2).padStart(6)} %`;
}

function tellPicture({ classes, mask }: Prediction, json: boolean, terminal: Terminal): ExitCode {
  if (json) {
    const numbers = mask === undefined ? {} : { mask: { ...mask, classIndex: [...mask.classIndex] } };
    terminal.out(JSON.stringify({ ok: true, classes, ...numbers }));
    return 0;
  }
  for (const { name, probability } of classes.slice(0, shownClasses)) {
    terminal.out(`${percent(probability)}  ${name}`);
  }
  if (mask !== undefined) {
    for (let row = 0; row < mask.height; row += 1) {
      const line = mask.classIndex.slice(row * mask.width, (row + 1) * mask.width);
      terminal.out(Array.from(line, maskCharacter).join(''));
    }
  }
  return 0;
}

function tellRows({ classes, rows, answers, warnings }: TablePrediction, json: boolean, terminal: Terminal): ExitCode {
  const ranked = (index: number): Prediction['classes'] =>
    classes
      .map((name, place) => ({ name, probability: answers[index * classes.length + place] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
  if (json) {
    const predictions = Array.from(rows, (row, index) =>
      classes.length === 0 ? { row, value: answers[index] ?? null } : { row, classes: ranked(index) },
    );
    terminal.out(JSON.stringify({ ok: true, predictions, warnings: warnings.map((one) => diagnosticJson(one)) }));
    return 0;
  }
  for (const line of diagnosticLines(warnings)) terminal.err(line);
  rows.forEach((row, index) => {
    const [best] = ranked(index);
    const answer =
      best === undefined
        ? String(Number((answers[index] ?? 0).toPrecision(6)))
        : `${percent(best.probability)}  ${best.name}`;
    terminal.out(`row ${row}  ${answer}`);
  });
  return 0;
}

/** A class per character: background as a dot, then digits and letters. */
function maskCharacter(index: number): string {
  return index === 0 ? '.' : (index - 1).toString(36);
}
