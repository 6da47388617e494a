import { duplicateFrame, tooManyFrames, unknownFrame } from '../diagnostics/catalog/frames';
import { failure, success, type Result } from '../diagnostics/diagnostic';
import type { Frame, NetworkDocument } from '../schema/document';
import { limits } from '../schema/limits';
import { inSecondVersion } from './secondVersion';

type Changed = Result<NetworkDocument>;

/** The document with a further frame. */
export function addFrame(document: NetworkDocument, frame: Frame): Changed {
  const { frames = [] } = document;
  if (frames.some(({ id }) => id === frame.id)) return failure(duplicateFrame(frame.id));
  if (frames.length >= limits.frames) return failure(tooManyFrames());
  return success({ ...inSecondVersion(document), frames: [...frames, frame] });
}

/** The document without some frames, and with all that they hold. */
export function removeFrames(document: NetworkDocument, ids: readonly string[]): Changed {
  const { frames = [], ...rest } = document;
  const missing = ids.find((id) => !frames.some((frame) => frame.id === id));
  if (missing !== undefined) return failure(unknownFrame(missing));
  const kept = frames.filter(({ id }) => !ids.includes(id));
  return success(kept.length === 0 ? rest : { ...rest, frames: kept });
}

/** The document with frames in the place of those of their ids. */
export function setFrames(document: NetworkDocument, changed: readonly Frame[]): Changed {
  const { frames = [] } = document;
  const missing = changed.find(({ id }) => !frames.some((frame) => frame.id === id));
  if (missing !== undefined) return failure(unknownFrame(missing.id));
  const byId = new Map(changed.map((frame) => [frame.id, frame]));
  return success({ ...document, frames: frames.map((frame) => byId.get(frame.id) ?? frame) });
}

/** An id that no frame has yet, as in `frame3`. */
export function freshFrameId({ frames = [] }: Pick<NetworkDocument, 'frames'>, taken?: ReadonlySet<string>): string {
  const used = new Set(frames.map(({ id }) => id));
  for (let number = 1; ; number++) {
    const id = `frame${number}`;
    if (!used.has(id) && taken?.has(id) !== true) return id;
  }
}
