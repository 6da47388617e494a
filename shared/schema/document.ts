import { z } from 'zod';
import { limits } from './limits';
import { documentTrainingSchema } from './training';

/**
 * The network document, declared once: the parser's checks and messages, the validation of requests and the types are all derived
 * from these schemas. They judge structure alone; what is wrong inside a network is the analyser's to say. An `error` of a schema
 * is a key of the parser's expectations, for what the type alone does not say.
 */

/** Any JSON value. Params are kept as they were written until a layer's schema reads them, so that a bad file loses nothing. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

type JsonRecord = { readonly [name: string]: Json };

/** Brackets around a param's value: of the document, its blocks, a block, its nodes, a node and its params. */
const outerDepth = 6;

/** Where in a value the first thing is that JSON cannot write (1e999 reads as infinite) or that no file may nest so deep; null when there is none. */
function findUnwritable(value: unknown, path: readonly (string | number)[]): readonly (string | number)[] | null {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : path;
  if (typeof value !== 'object' || path.length >= limits.jsonDepth - outerDepth) return path;
  const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
  for (const [key, item] of entries) {
    const found = findUnwritable(item, [...path, key]);
    if (found !== null) return found;
  }
  return null;
}

/** The very object that came in, with any keys (`__proto__` too): rebuilding it would lose or change some. */
const jsonRecord = z
  .custom<JsonRecord>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'record',
  })
  .superRefine((value, context) => {
    const path = findUnwritable(value, []);
    if (path !== null) context.addIssue({ code: 'custom', message: 'number', path: [...path] });
  });

const name = z.string({ error: 'name' }).min(1, { error: 'name' });
/** In version 2 the flat ids of a block's nodes are paths, so a slash stands for "in". */
const pathPart = name.regex(/^[^/]*$/, { error: 'pathPart' });
const port = z.int({ error: 'port' }).min(0, { error: 'port' });

const position = z.strictObject({ x: z.number(), y: z.number() });

function nodeSchema<Id extends z.ZodType<string>>(id: Id) {
  return z.strictObject({
    id,
    kind: name,
    params: jsonRecord.default({}),
    position: position.exactOptional(),
    label: z.string().exactOptional(),
    note: z.string().exactOptional(),
    /** Drawn, and left out of the network: what comes in flows on. */
    bypass: z.boolean().exactOptional(),
    /** Stays where it is when the rest is laid out. */
    pinned: z.boolean().exactOptional(),
    /** The node whose weights it computes with, in place of its own. Within a block ids are the block's own; a path leads into one. */
    weightsOf: name.exactOptional(),
  });
}

function edgeSchema<Id extends z.ZodType<string>>(id: Id) {
  return z.strictObject({ from: id, to: id, toPort: port.exactOptional() });
}

/** A wire of version 2, which may be led through places of the canvas. */
const routedEdgeSchema = edgeSchema(pathPart).extend({
  via: z.array(position).max(limits.viaPoints, { error: 'via' }).exactOptional(),
});

/** What a frame may be coloured as: the families of the layers, whose colours the themes know. */
export const frameColours = [
  'io',
  'conv',
  'activation',
  'pool',
  'fc',
  'gap',
  'upconv',
  'merge',
  'shape',
  'norm',
] as const;

export type FrameColour = (typeof frameColours)[number];

const side = z.number({ error: 'side' }).positive({ error: 'side' }).max(limits.frameSide, { error: 'side' });

const frameSchema = z.strictObject({
  id: name,
  title: z.string().max(limits.frameTitle, { error: 'frameTitle' }),
  note: z.string().max(limits.frameNote, { error: 'frameNote' }).exactOptional(),
  color: z.enum(frameColours).exactOptional(),
  position,
  size: z.strictObject({ width: side, height: side }),
});

/** Frames are told apart by their ids, which no reader could mend: nothing else of the file speaks of them. */
const framesSchema = z
  .array(frameSchema)
  .max(limits.frames, { error: 'frames' })
  .superRefine((frames, context) => {
    const taken = new Set<string>();
    for (const [index, { id }] of frames.entries()) {
      if (taken.has(id)) context.addIssue({ code: 'custom', message: 'frameId', path: [index, 'id'] });
      taken.add(id);
    }
  });

// A name is decoration and a network of one node has no wires, so files written by hand may leave these out.
const shared = {
  format: z.literal('convloom.network'),
  name: z.string().default('Untitled'),
  train: documentTrainingSchema.exactOptional(),
};

const blockSchema = z.strictObject({
  params: jsonRecord.default({}),
  nodes: z.array(nodeSchema(pathPart)),
  edges: z.array(routedEdgeSchema).default([]),
  frames: framesSchema.exactOptional(),
});

/** An object of blocks; `__proto__` is refused, as an object cannot safely hold it. */
const blocksSchema = z
  .custom<object>(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, '__proto__'),
    { error: 'blocks' },
  )
  .pipe(z.record(name, blockSchema));

/** What a library of blocks takes. */
export const keptBlockSchema: z.ZodType<KeptBlock> = z.strictObject({ name, blocks: blocksSchema });

/** A document of version 1: nodes and wires. */
export const version1Schema = z.strictObject({
  ...shared,
  version: z.literal(1),
  nodes: z.array(nodeSchema(name)),
  edges: z.array(edgeSchema(name)).default([]),
});

/** A document of version 2: the same, with blocks that its nodes may use, frames around nodes, and wires led through places. */
export const version2Schema = z.strictObject({
  ...shared,
  version: z.literal(2),
  blocks: blocksSchema.default({}),
  nodes: z.array(nodeSchema(pathPart)),
  edges: z.array(routedEdgeSchema).default([]),
  frames: framesSchema.exactOptional(),
});

/** The parts of a document that an edit carries, whatever the version of the document that it is for. */
export const editedParts = {
  params: jsonRecord,
  position,
  node: nodeSchema(name),
  edge: edgeSchema(name).extend({ via: routedEdgeSchema.shape.via }),
  frames: framesSchema,
  training: documentTrainingSchema,
};

/** One layer on the canvas. `kind` is any string here: an unknown kind is the analyser's finding, not a reason to lose the file. */
export type NetworkNode = Readonly<z.infer<ReturnType<typeof nodeSchema>>>;

/** Where a node is drawn, in pixels of the canvas. */
export type Position = Readonly<NonNullable<NetworkNode['position']>>;

/**
 * A wire. `toPort` is zero-based and defaults to 0; `add` and `concat` order their inputs by it. `via` are the places that it is drawn
 * through, in their order; version 2 alone has them.
 */
export type NetworkEdge = Readonly<z.infer<ReturnType<typeof edgeSchema>>> & { readonly via?: readonly Position[] };

/**
 * A titled rectangle on the canvas, with a note. It holds the nodes whose card has its middle inside, so that what one sees is what it
 * holds, and nothing has to be kept in step; one that holds none is a note. Decoration: the network is the same without it.
 */
export type Frame = Readonly<z.infer<typeof frameSchema>>;

type Version1 = z.infer<typeof version1Schema>;

/**
 * A network of its own to be used as a node, any number of times. Nodes of kind 'port' are its inputs, in order; its output is the
 * one node that nothing consumes. `params` gives each param its default; a node's param may be bound to one, as {@link ParamBinding}.
 */
export type BlockDefinition = {
  readonly params: JsonRecord;
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
  readonly frames?: readonly Frame[];
};

/** A block with all that it holds, by which it can be kept and put into another network. */
export type KeptBlock = { readonly name: string; readonly blocks: { readonly [name: string]: BlockDefinition } };

/** In place of a param's value: the block's param, times a number. */
export type ParamBinding = { readonly param: string; readonly times?: number };

/** What a `.convloom` file holds: what the user drew, and nothing that can be derived from it. Only version 2 has blocks and frames. */
export type NetworkDocument = Readonly<Omit<Version1, 'version' | 'nodes' | 'edges'>> & {
  readonly version: 1 | 2;
  readonly nodes: readonly NetworkNode[];
  readonly edges: readonly NetworkEdge[];
  readonly blocks?: { readonly [name: string]: BlockDefinition };
  readonly frames?: readonly Frame[];
};

/** Any version of the document: what a file may hold and what a request may carry are the same. */
export const networkDocumentSchema: z.ZodType<NetworkDocument> = z.discriminatedUnion('version', [
  version1Schema,
  version2Schema,
]);

/** A network with nothing in it. */
export function emptyDocument(name: string): NetworkDocument {
  return { format: 'convloom.network', version: 1, name, nodes: [], edges: [] };
}
