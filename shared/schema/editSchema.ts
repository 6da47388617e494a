import { z } from 'zod';
import { editedParts, networkDocumentSchema } from './document';
import type { Edit } from './edits';
import { trainingFieldNames } from './training';

const { params, position, node, edge, frames, training } = editedParts;
const id = z.string();
const ids = z.array(id);

/** What the edits of each type carry: as many rows as there are types. */
const shapes: { readonly [T in Edit['type']]: z.ZodType<Omit<Extract<Edit, { type: T }>, 'type'>> } = {
  addNode: z.object({ node }),
  removeNodes: z.object({ ids, heal: z.boolean().exactOptional() }),
  setParams: z.object({ id, params, unset: ids.exactOptional() }),
  setKind: z.object({ id, kind: id, params }),
  setLabel: z.object({ id, label: z.string().nullable() }),
  setNote: z.object({ id, note: z.string().nullable() }),
  setBypass: z.object({ id, bypass: z.boolean() }),
  setWeightsOf: z.object({ id, weightsOf: id.nullable() }),
  setPinned: z.object({ ids, pinned: z.boolean() }),
  moveNodes: z.object({ positions: z.record(id, position) }),
  connect: z.object({ edge }),
  disconnect: z.object({ edge }),
  insertOnEdge: z.object({ edge, node }),
  insertAfter: z.object({ after: id, node }),
  leadEdge: z.object({ edge, via: z.array(position) }),
  addFrame: z.object({ frame: frames.element }),
  removeFrames: z.object({ ids }),
  setFrames: z.object({ frames }),
  renameNetwork: z.object({ name: z.string() }),
  setTraining: z.object({ train: training, unset: z.array(z.enum(trainingFieldNames)).exactOptional() }),
  replaceDocument: z.object({ document: networkDocumentSchema }),
};

function isEdit(value: unknown): value is Edit {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  const { type } = value;
  return (
    typeof type === 'string' && Object.hasOwn(shapes, type) && shapes[type as Edit['type']].safeParse(value).success
  );
}

/** An edit that comes from outside, such as that of a fix in the log of somebody's run. */
export const editSchema: z.ZodType<Edit> = z.custom<Edit>(isEdit);
