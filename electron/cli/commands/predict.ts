import { resolve } from 'node:path';
import { isOfTable, pictureFormatsText } from '../../../shared/schema/data';
import type { Prediction, TablePrediction } from '../../../shared/host/api';
import { noPictureToWrite } from '../../../shared/diagnostics/catalog/run';
import { failure, success, type Result } from '../../../shared/diagnostics/diagnostic';
import { maskPixels, pixelsOf, type Pixels } from '../../../shared/ops/pixels';
import { formatShape } from '../../../shared/text';
import { givenClasses, likeliestClasses } from '../../../shared/training/labelScores';
import { defineCommand, forceOption, jsonOption } from '../command';
import type { ExitCode } from '../command';
import { printableLine } from '../printable';
import { diagnosticJson, diagnosticLines, reportFailure } from '../report';
import { findRun } from '../../files/paths';
import { pngOf } from '../../files/png';
import type { Terminal } from '../terminal';
import { withHost } from '../withHost';
import { writeOutput } from '../writeOutput';

const shownClasses = 5;

/** `convloom predict`. */
export const predict = defineCommand({
  name: 'predict',
  summary: "what a run's network says about a picture or makes of it, or says about each row of a table",
  positionals: [
    { name: 'RUN', doc: "a run's folder or id, or a model" },
    {
      name: 'FILE',
      doc: `a ${pictureFormatsText.en} file; for a network that was trained on a table, a table with the same columns`,
    },
  ],
  options: {
    output: {
      type: 'text',
      placeholder: 'FILE',
      short: 'o',
      doc: 'write the picture that the network gives, or the classes of pixels as colours, as a PNG',
    },
    force: forceOption,
    json: jsonOption,
  },
  run: async ({ options: { output, force, json }, positionals: [run = '', file = ''] }, terminal) =>
    await withHost(async (host) => {
      const model = { type: 'path', path: findRun(run) } as const;
      const info = await host.request('model.info', { model });
      if (!info.ok) return reportFailure(info, json, terminal);
      if (isOfTable(info.value.data?.scaling ?? null)) {
        if (output !== undefined) {
          return reportFailure({ ok: false, diagnostics: [noPictureToWrite(null)] }, json, terminal);
        }
        const predicted = await host.request('model.predictTable', { model, table: { path: resolve(file) } });
        return predicted.ok ? tellRows(predicted.value, json, terminal) : reportFailure(predicted, json, terminal);
      }
      const predicted = await host.request('model.predict', { model, input: { image: resolve(file) } });
      if (!predicted.ok) return reportFailure(predicted, json, terminal);
      if (output !== undefined) {
        const drawn = drawnAnswer(predicted.value);
        if (!drawn.ok) return reportFailure(drawn, json, terminal);
        const written = await writeOutput(output, pngOf(drawn.value), force);
        if (!written.ok) return reportFailure(written, json, terminal);
        terminal.err(`Wrote ${written.value}`);
        if (!json) return 0;
      }
      return tellPicture(predicted.value, json, terminal);
    }),
});

function percent(probability: number): string {
  return `${(100 * probability).toFixed(2).padStart(6)} %`;
}

/** What a PNG takes. */
const drawnChannels: readonly (number | undefined)[] = [1, 3];

/** The answer as a picture: what the network gives, or a colour for the class of each pixel. */
function drawnAnswer({ classes, mask, picture }: Prediction): Result<Pixels> {
  if (mask !== undefined) {
    const { width, height, classIndex } = mask;
    return success(maskPixels(classIndex, { from: 0, width, height, classCount: classes.length }));
  }
  const channels = picture?.shape.at(-1);
  const pixels = picture === undefined || !drawnChannels.includes(channels) ? null : pixelsOf(picture, 0);
  return pixels === null ? failure(noPictureToWrite(channels ?? null)) : success(pixels);
}

function tellPicture(answer: Prediction, json: boolean, terminal: Terminal): ExitCode {
  const { classes, threshold, mask, picture, values } = answer;
  if (json) {
    const numbers = mask === undefined ? {} : { mask: { ...mask, classIndex: [...mask.classIndex] } };
    const drawn = picture === undefined ? {} : { picture: pictureJson(picture) };
    const given = values === undefined ? {} : { values: [...values] };
    const labels = threshold === undefined ? {} : { threshold, labels: givenNames({ classes, threshold }) };
    terminal.out(JSON.stringify({ ok: true, classes, ...labels, ...numbers, ...drawn, ...given }));
    return 0;
  }
  if (picture !== undefined) {
    const [least, most] = [Math.min, Math.max].map((of) => picture.data.reduce((found, value) => of(found, value)));
    terminal.out(
      `${formatShape(picture.shape.slice(1))}, values ${(least ?? 0).toFixed(3)} to ${(most ?? 0).toFixed(3)} (0 to 1 are shown). -o FILE writes it as a PNG.`,
    );
  }
  if (values !== undefined) terminal.out(Array.from(values, valueText).join(' '));
  if (threshold !== undefined) terminal.out(givenText(givenNames({ classes, threshold })));
  for (const { name, probability } of likeliestClasses(answer, shownClasses)) {
    terminal.out(`${percent(probability)}  ${printableLine(name)}`);
  }
  if (mask !== undefined) {
    for (let row = 0; row < mask.height; row += 1) {
      const line = mask.classIndex.slice(row * mask.width, (row + 1) * mask.width);
      terminal.out(Array.from(line, maskCharacter).join(''));
    }
  }
  return 0;
}

/** The classes that are likely enough to be given, for multi-label. */
function givenNames({ classes, threshold }: { classes: Prediction['classes']; threshold: number }): readonly string[] {
  return givenClasses({ classes, threshold }).map(({ name }) => name);
}

function givenText(names: readonly string[]): string {
  return names.length === 0 ? 'none of the classes' : names.map(printableLine).join(', ');
}

function valueText(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function pictureJson({ shape: [, height = 0, width = 0, channels = 0], data }: NonNullable<Prediction['picture']>) {
  return { height, width, channels, values: [...data] };
}

function tellRows(prediction: TablePrediction, json: boolean, terminal: Terminal): ExitCode {
  const { classes, threshold, rows, answers, warnings } = prediction;
  const ranked = (index: number): Prediction['classes'] =>
    classes
      .map((name, place) => ({ name, probability: answers[index * classes.length + place] ?? 0 }))
      .sort((a, b) => b.probability - a.probability);
  if (json) {
    const predictions = Array.from(rows, (row, index) => {
      if (classes.length === 0) return { row, value: answers[index] ?? null };
      const own = ranked(index);
      const labels = threshold === undefined ? {} : { labels: givenNames({ classes: own, threshold }) };
      return { row, classes: own, ...labels };
    });
    terminal.out(JSON.stringify({ ok: true, predictions, warnings: warnings.map((one) => diagnosticJson(one)) }));
    return 0;
  }
  for (const line of diagnosticLines(warnings)) terminal.err(line);
  rows.forEach((row, index) => {
    const own = ranked(index);
    if (threshold !== undefined) {
      terminal.out(printableLine(`row ${row}  ${givenText(givenNames({ classes: own, threshold }))}`));
      return;
    }
    const [best] = own;
    const answer = best === undefined ? valueText(answers[index] ?? 0) : `${percent(best.probability)}  ${best.name}`;
    terminal.out(printableLine(`row ${row}  ${answer}`));
  });
  return 0;
}

/** A class per character: background as a dot, then digits and letters. */
function maskCharacter(index: number): string {
  return index === 0 ? '.' : (index - 1).toString(36);
}
