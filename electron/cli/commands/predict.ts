import { resolve } from 'node:path';
import { pictureFormatsText } from '../../../shared/schema/data';
import { defineCommand, jsonOption } from '../command';
import { reportFailure } from '../report';
import { resolveRun } from '../resolveRun';
import { withHost } from '../withHost';

const shownClasses = 5;

/** `convloom predict`. */
export const predict = defineCommand({
  name: 'predict',
  summary: "what a run's network says about an image",
  positionals: [
    { name: 'RUN', doc: "a run's folder or id, or a model" },
    { name: 'IMAGE', doc: `a ${pictureFormatsText.en} file` },
  ],
  options: { json: jsonOption },
  run: async ({ options, positionals: [run = '', image = ''] }, terminal) =>
    await withHost(async (host) => {
      const predicted = await host.request('model.predict', {
        model: { type: 'path', path: resolveRun(run) },
        input: { image: resolve(image) },
      });
      if (!predicted.ok) return reportFailure(predicted, options.json, terminal);
      const { classes, mask } = predicted.value;
      if (options.json) {
        const numbers = mask === undefined ? {} : { mask: { ...mask, classIndex: [...mask.classIndex] } };
        terminal.out(JSON.stringify({ ok: true, classes, ...numbers }));
        return 0;
      }
      for (const { name, probability } of classes.slice(0, shownClasses)) {
        terminal.out(`${(100 * probability).toFixed(2).padStart(6)} %  ${name}`);
      }
      if (mask !== undefined) {
        for (let row = 0; row < mask.height; row += 1) {
          const line = mask.classIndex.slice(row * mask.width, (row + 1) * mask.width);
          terminal.out(Array.from(line, maskCharacter).join(''));
        }
      }
      return 0;
    }),
});

/** A class per character: background as a dot, then digits and letters. */
function maskCharacter(index: number): string {
  return index === 0 ? '.' : (index - 1).toString(36);
}
