import { readFile } from 'node:fs/promises';
import { isRecord, type JsonRecord } from '../../shared/imports/keras/config';
import { damaged } from '../../shared/imports/problem';
import { readManifest, type WeightGroup } from '../../shared/imports/tfjs/manifest';
import { formatBytes, text } from '../../shared/text';
import { findPart } from './partFile';
import { readRegularText } from './regularFile';

/** A model.json and the bytes of its weights, group by group. */
export type TfjsModelFile = {
  readonly model: JsonRecord;
  readonly groups: readonly (WeightGroup & { readonly bytes: Uint8Array<ArrayBuffer> })[];
};

/** Reads a model of TensorFlow.js: its JSON, and the files of weights that it names, all of which lie in its folder. Ends the import where one does not. */
export async function readTfjsModelFile(path: string): Promise<TfjsModelFile> {
  const model = parse(await readRegularText(path));
  const groups: TfjsModelFile['groups'][number][] = [];
  for (const group of readManifest(model)) groups.push({ ...group, bytes: await readGroup(path, group) });
  return { model, groups };
}

function parse(words: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(words);
  } catch {
    value = null;
  }
  return isRecord(value) ? value : damaged(text('its JSON ends early or is none.', '其 JSON 不完整或无效。'));
}

async function readGroup(model: string, { paths, byteLength }: WeightGroup): Promise<Uint8Array<ArrayBuffer>> {
  const files = paths.map((name) => findPart(model, name));
  const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  // Before any memory is taken: sizes that lie are found by the files themselves.
  if (total < byteLength) {
    damaged(
      text(
        `its weights need ${formatBytes(byteLength)}, and its files have ${formatBytes(total)}.`,
        `其权值需要 ${formatBytes(byteLength)}，而文件只有 ${formatBytes(total)}。`,
      ),
    );
  }
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const { path } of files) {
    const part = await readFile(path);
    if (at + part.length > total) damaged(text('its files change while they are read.', '读取时文件发生了变化。'));
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
