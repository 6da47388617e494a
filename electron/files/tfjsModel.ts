import { joinedRanges, type RangedBytes } from '../../shared/imports/arranged';
import { isRecord, type JsonRecord } from '../../shared/imports/keras/config';
import { damaged } from '../../shared/imports/problem';
import { readManifest, type WeightGroup } from '../../shared/imports/tfjs/manifest';
import { formatBytes, text } from '../../shared/text';
import { findPart } from './partFile';
import { rangesOf } from './ranges';
import { readRegularText } from './regularFile';

/** A model.json and the files of its weights, group by group. */
export type TfjsModelFile = {
  readonly model: JsonRecord;
  readonly groups: readonly (WeightGroup & { readonly files: RangedBytes })[];
};

/** Opens a model of TensorFlow.js: reads its JSON, and finds the files of weights that it names, all of which lie in its folder. Ends the import where one does not. */
export async function readTfjsModelFile(path: string): Promise<TfjsModelFile> {
  const model = parse(await readRegularText(path));
  return { model, groups: readManifest(model).map((group) => ({ ...group, files: openGroup(path, group) })) };
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

/** The files of a group, none of them read. */
function openGroup(model: string, { paths, byteLength }: WeightGroup): RangedBytes {
  const files = joinedRanges(paths.map((name) => rangesOf(findPart(model, name).path)));
  // Before any memory is taken: sizes that lie are found by the files themselves.
  if (files.sizeBytes < byteLength) {
    damaged(
      text(
        `its weights need ${formatBytes(byteLength)}, and its files have ${formatBytes(files.sizeBytes)}.`,
        `其权值需要 ${formatBytes(byteLength)}，而文件只有 ${formatBytes(files.sizeBytes)}。`,
      ),
    );
  }
  return files;
}
