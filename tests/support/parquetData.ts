import { writeFileSync } from 'node:fs';
import { PNG } from 'pngjs';
import { openDigits } from '../../electron/data/digits';
import { createRandom } from '../../shared/ops/random';
import { huggingFaceParquet, parquetOf, parquetOfLists } from './parquetFiles';
import { greyPng, writeBelow } from './trainingProject';

const random = createRandom(11);
const byte = (): number => Math.floor(random.uniform() * 256);

function png(width: number, height: number, pixel: (at: number) => readonly number[]): Uint8Array {
  const image = new PNG({ width, height });
  for (let at = 0; at < width * height; at++) image.data.set([...pixel(at), 255], at * 4);
  return Uint8Array.from(PNG.sync.write(image));
}

const places = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const picture = (at: number): Uint8Array => png(6 + (at % 2), 5, () => [byte(), byte(), byte()]);

function writeTables(folder: string): void {
  const moments = places(30).map((at) => new Date(Date.UTC(1960 + at, 3, 1 + at)));
  const table = (from: number, to: number): Uint8Array =>
    parquetOf(
      [
        { name: ' x', data: places(30).map((at) => (at === 4 ? null : at / 3)), type: 'DOUBLE' as const },
        { name: 'when', data: moments, type: 'TIMESTAMP' as const },
        { name: 'yes', data: places(30).map((at) => at % 4 === 0), type: 'BOOLEAN' as const },
        { name: 'Class', data: places(30).map((at) => ['b ', 'a', 'c10', 'c9'][at % 4]!), type: 'STRING' as const },
        { name: 'many', data: places(30).map((at) => BigInt(at) * 2n ** 54n), type: 'INT64' as const },
        { name: 'z', data: places(30).map((at) => at + 0.1), type: 'FLOAT' as const },
      ].map(({ data, ...column }) => ({ ...column, data: (data as readonly unknown[]).slice(from, to) })),
      7,
    );
  writeBelow(folder, 'table.parquet', table(0, 30));
  writeBelow(folder, 'parts/train-1.parquet', table(0, 12));
  writeBelow(folder, 'parts/train-2.pq', table(12, 20));
  writeBelow(folder, 'parts/validation/0.parquet', table(20, 26));
  writeBelow(folder, 'parts/test-0.parquet', table(26, 30));
  const lists = places(24).map((at) => [at, 24 - at, (at * at) % 7]);
  const words = places(24).map((at) => ['one', 'two'][at % 2]!);
  writeBelow(folder, 'lists.parquet', parquetOfLists({ pixels: lists }, { name: 'label', data: words }));
}

function writePictures(folder: string): void {
  const held = places(24).map((at) => ({ bytes: at === 7 ? null : picture(at), label: at === 9 ? -1 : at % 3 }));
  writeBelow(folder, 'faces.parquet', huggingFaceParquet(held, ['wren', 'owl', 'crow', 'none']));
  const masks = places(12).map((at) =>
    png(6 + (at % 2), 5, (pixel) => new Array<number>(3).fill([0, 20, 60, 255][(pixel + at) % 4]!)),
  );
  const images = places(12).map((at) => (at === 5 ? Uint8Array.of(1, 2) : picture(at)));
  const flat = (name: string, data: readonly Uint8Array[]) => ({ name, data: [...data], type: 'BYTE_ARRAY' as const });
  writeBelow(folder, 'masks.parquet', parquetOf([flat('segmentation', masks), flat('image', images)]));
  const larger = places(12).map((at) => png(2 * (6 + (at % 2)), 10, () => [byte(), byte(), byte()]));
  writeBelow(folder, 'pairs.parquet', parquetOf([flat('image', images), flat('target', larger)]));
  places(20).forEach((at) => writeBelow(folder, `named/in/p${at}.png`, picture(at)));
  const named = places(22).map((at) => `in/p${at}.png`);
  const values = places(22).map((at) => (at === 3 ? null : at / 4));
  writeBelow(
    folder,
    'named/rows.parquet',
    parquetOf([
      { name: 'file', data: named, type: 'STRING' },
      { name: 'width', data: values, type: 'DOUBLE' },
    ]),
  );
}

/** Writes the first digits of those that the app has built in as a Parquet file, as Hugging Face has them. */
export async function writeParquetDigits(path: string, count: number): Promise<void> {
  const digits = await openDigits();
  if (!digits.ok) throw new Error('The digits are built in.');
  const { inputs, targets } = digits.value.train;
  const rows = places(count).map((at) => ({
    bytes: Uint8Array.from(greyPng(inputs, at, 28)),
    label: targets.subarray(at, at + 1)[0] ?? 0,
  }));
  writeFileSync(
    path,
    huggingFaceParquet(
      rows,
      places(10).map((digit) => String(digit)),
    ),
  );
}

/** Writes Parquet files of each kind that `parquet:PATH` reads: tables, also in parts, and pictures with classes, masks, values and targets. */
export function writeParquet(folder: string): void {
  writeTables(folder);
  writePictures(folder);
}
