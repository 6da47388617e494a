import { join } from 'node:path';
import { dataDamaged } from '../../shared/diagnostics/catalog/data';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import type { DataSample } from '../../shared/host/api';
import { elementCount } from '../../shared/ops/tensor';
import { parseDataSpec } from '../../shared/schema/data';
import type { DataKind } from '../../shared/schema/data';
import { errorText } from '../../shared/text';
import { decodeFile } from './decode';
import { listFolder } from './folder';
import { imageFileName, isReason } from './imageFile';
import { openData } from './open';
import { firstParquetPicture } from './parquet';
import { resizeImage, type Pixels } from './resize';

/** Where pictures lie apart from what lies beside them. */
const imagesFolder: Partial<Record<DataKind, string>> = { masks: 'images', pairs: 'inputs' };

/** The longest side of a sample that is only looked at. */
const longestSide = 320;
/** Folders of folders of pictures that are looked into, such as `train` and the classes in it. */
const deepest = 3;

/**
 * The first picture of some data, to be looked at; null where they have none. A folder of pictures is asked for its first file alone,
 * since decoding all of it would take minutes.
 */
export async function firstPicture(spec: string): Promise<Result<DataSample | null>> {
  const parsed = parseDataSpec(spec);
  if (parsed?.source.holds === 'files') {
    try {
      return success(await pictureIn(parsed.path, imagesFolder[parsed.source.kind] ?? null));
    } catch (error) {
      return failure(dataDamaged(parsed.path, errorText(error)));
    }
  }
  if (parsed?.source.kind === 'parquet') {
    const first = await firstParquetPicture(parsed.path);
    return first.ok ? success(first.value === null ? null : shown(first.value)) : first;
  }
  const info = await openData(spec, { wanted: null, infoOnly: true });
  if (!info.ok) return info;
  const { inputShape } = info.value.info;
  if (inputShape.length !== 3) return success(null);
  const opened = await openData(spec, { wanted: null, infoOnly: false });
  if (!opened.ok) return opened;
  const [height = 0, width = 0, channels = 0] = inputShape;
  const data = Uint8Array.from(opened.value.train.inputs.subarray(0, elementCount(inputShape)));
  return success(shown({ height, width, channels, data }));
}

/** The first picture in a folder, or in the folders in it; null where there is none that can be read. */
async function pictureIn(dir: string, folder: string | null, depth = 0): Promise<DataSample | null> {
  const { folders, files } = await listFolder(folder === null ? dir : join(dir, folder));
  for (const path of files.filter((name) => imageFileName.test(name))) {
    const pixels = await decodeFile(path);
    if (!isReason(pixels)) return shown(pixels);
  }
  if (depth === deepest) return null;
  for (const name of folders) {
    const found = await pictureIn(join(dir, folder ?? '', name), null, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function shown(pixels: Pixels): DataSample {
  const scale = Math.min(1, longestSide / Math.max(pixels.height, pixels.width));
  const [height, width] = [pixels.height, pixels.width].map((side) => Math.max(1, Math.round(side * scale)));
  const small = scale === 1 ? pixels : resizeImage(pixels, height ?? 1, width ?? 1);
  return { shape: [small.height, small.width, small.channels], pixels: Uint8Array.from(small.data) };
}
