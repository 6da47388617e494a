import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { createRandom } from '../../shared/ops/random';

function writePicture(path: string, side: number, colorAt: (x: number, y: number) => readonly number[]): void {
  const png = new PNG({ width: side, height: side });
  for (let at = 0; at < side * side; at += 1) {
    png.data.set([...colorAt(at % side, Math.floor(at / side)), 255], 4 * at);
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, PNG.sync.write(png));
}

/** What the scripts are given: data to learn from, and a file to be asked about. */
export type Given = {
  readonly data: string;
  readonly question: string;
  /** The classes that an answer may name; null where it has none. */
  readonly names: readonly string[] | null;
  /** The picture that an answer comes as, or with. */
  readonly written: string | null;
};

const side = 40;

function writeClasses(dir: string): Given {
  const random = createRandom(5);
  const noise = (): number => Math.floor(40 * random.uniform());
  for (let at = 0; at < 5; at += 1) {
    writePicture(join(dir, `data/bright/${at}.png`), side, () => [200 + noise(), 190 + noise(), 60 + noise()]);
    writePicture(join(dir, `data/dark/${at}.png`), side, () => [20 + noise(), 30 + noise(), 120 + noise()]);
  }
  writePicture(join(dir, 'question.png'), side, () => [210, 200, 70]);
  return { data: 'data', question: 'question.png', names: ['bright', 'dark'], written: null };
}

function writeMasks(dir: string): Given {
  for (let at = 0; at < 8; at += 1) {
    const isObject = (x: number, y: number): boolean => (x + 3 * at) % side < side / 2 && y > 4;
    const name = `${at}.png`;
    writePicture(join(dir, 'data/images', name), side, (x, y) => (isObject(x, y) ? [220, 210, 90] : [20, 40, 120]));
    writePicture(join(dir, 'data/masks', name), side, (x, y) => (isObject(x, y) ? [1, 1, 1] : [0, 0, 0]));
  }
  writeFileSync(join(dir, 'data/classes.txt'), 'ground\nobject\n');
  writePicture(join(dir, 'question.png'), side, (x) => (x < side / 2 ? [220, 210, 90] : [20, 40, 120]));
  return { data: 'data', question: 'question.png', names: ['ground', 'object'], written: 'question.mask.png' };
}

/** Discs on the left or on the right, small to go in and as large as the answer to come out. */
function writePairs(dir: string, input: readonly number[], output: readonly number[]): Given {
  const disc = (path: string, [size = side]: readonly number[], left: number): void =>
    writePicture(join(dir, path), size, (x, y) => {
      const isInside = Math.hypot(x / size - left, y / size - 0.5) < 0.25;
      return isInside ? [220, 220, 220] : [20, 20, 20];
    });
  for (let at = 0; at < 8; at += 1) {
    const left = 0.3 + 0.05 * at;
    disc(`data/inputs/${at}.png`, input, left);
    disc(`data/targets/${at}.png`, output, left);
  }
  disc('question.png', input, 0.5);
  return { data: 'data', question: 'question.png', names: null, written: 'question.answer.png' };
}

function writeTable(dir: string, width: number, isNumbers: boolean): Given {
  const random = createRandom(5);
  const rows = Array.from({ length: 40 }, (_, at) => {
    const features = Array.from({ length: width }, (_unused, column) => (at % 2) * 3 + column + random.uniform());
    const answer = isNumbers ? features.reduce((sum, value) => sum + value, 0) : at % 2 === 0 ? 'even' : 'odd';
    return [...features, answer].join();
  });
  const header = [...Array.from({ length: width }, (_, at) => `x${at}`), 'target'].join();
  writeFileSync(join(dir, 'data.csv'), `${[header, ...rows].join('\n')}\n`);
  writeFileSync(join(dir, 'question.json'), JSON.stringify(Array.from({ length: width }, (_, at) => at + 3)));
  return { data: 'data.csv', question: 'question.json', names: null, written: null };
}

const openSize = 12;

function nested(shape: readonly number[], value: () => number): unknown {
  const [size, ...rest] = shape;
  return size === undefined ? value() : Array.from({ length: size }, () => nested(rest, value));
}

/** Random values for inputs and random classes for outputs, named as model.ts names them. */
function writeJson(
  dir: string,
  inputs: ReadonlyMap<string, readonly number[]>,
  outputs: ReadonlyMap<string, readonly number[]>,
): Given {
  const random = createRandom(7);
  const named = (of: ReadonlyMap<string, unknown>): unknown =>
    of.size === 1 ? [...of.values()][0] : Object.fromEntries(of);
  const inputOf = (): unknown =>
    named(new Map([...inputs].map(([name, shape]) => [name, nested(shape, () => random.uniform())])));
  const labelOf = (shape: readonly number[]): unknown =>
    nested(shape.slice(0, -1), () => Math.floor((shape.at(-1) ?? 1) * random.uniform()));
  const samples = Array.from({ length: 5 }, () => ({
    input: inputOf(),
    label: named(new Map([...outputs].map(([name, shape]) => [name, labelOf(shape)]))),
  }));
  writeFileSync(join(dir, 'data.json'), JSON.stringify({ samples }));
  writeFileSync(join(dir, 'question.json'), JSON.stringify(inputOf()));
  return { data: 'data.json', question: 'question.json', names: null, written: null };
}

/** Writes what a network can learn from into its project: pictures, masks, pairs or a table where it takes such, else JSON. */
export function writeData(
  dir: string,
  { inputs, outputs, nodes }: NetworkAnalysis,
  names: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
  isNumbers: boolean,
): Given {
  const shapeOf = (id: string): readonly number[] => (nodes.get(id)?.outputShape ?? []).map((size) => size ?? openSize);
  const [input = []] = inputs.map(shapeOf);
  const [output = []] = outputs.map(shapeOf);
  const isOne = inputs.length === 1 && outputs.length === 1;
  if (isOne && input.length === 1) return writeTable(dir, input[0] ?? 1, isNumbers);
  if (isOne && isNumbers && input.length === 3 && output.length === 3) return writePairs(dir, input, output);
  const takesPictures = isOne && input.length === 3 && [1, 3, 4].includes(input[2] ?? 0) && (output.at(-1) ?? 0) > 1;
  if (takesPictures && output.slice(0, -1).every((size) => size === 1)) return writeClasses(dir);
  const isWithin = output.slice(0, 2).every((size, axis) => size <= (input[axis] ?? 0));
  if (takesPictures && output.length === 3 && isWithin) return writeMasks(dir);
  const named = (ids: readonly string[], own: readonly string[]): ReadonlyMap<string, readonly number[]> =>
    new Map(ids.map((id, at) => [own[at] ?? id, shapeOf(id)]));
  return writeJson(dir, named(inputs, names.inputs), named(outputs, names.outputs));
}
