import { z } from 'zod';
import { dataSpecSchema } from '../schema/data';
import { engineChoiceSchema } from '../schema/engines';
import { limits } from '../schema/limits';
import { documentTrainingSchema, requestedTrainingSchema } from '../schema/training';
import type { HostRequests, RequestName, Settings } from './api';
import type { Json, NetworkDocument } from '../schema/document';

/**
 * What a host accepts, request by request. Every payload from outside passes here before a handler sees it. Documents are
 * checked in structure only: what is wrong inside a network is the analyser's to say.
 */

const json: z.ZodType<Json> = z.json();
const path = z.string().min(1).max(limits.pathLength);
const id = z.string().min(1).max(limits.idLength);
const nothing = z.strictObject({});

/** A network document in structure: any kinds, any params, any wiring. */
export const networkDocumentSchema: z.ZodType<NetworkDocument> = z.strictObject({
  format: z.literal('convloom.network'),
  version: z.literal(1),
  name: z.string(),
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.string(),
      params: z.record(z.string(), json),
      position: z.strictObject({ x: z.number(), y: z.number() }).exactOptional(),
      label: z.string().exactOptional(),
      note: z.string().exactOptional(),
    }),
  ),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), toPort: z.int().min(0).exactOptional() })),
  train: documentTrainingSchema.exactOptional(),
});

const layout = z.record(
  z.string().max(limits.layoutKeyLength),
  z.union([z.number(), z.string().max(limits.layoutTextLength), z.boolean()]),
);

/** Fields of the settings, one by one, so that one bad value costs only itself. */
export const settingsFields = {
  language: z.enum(['system', 'en', 'zh']),
  theme: z.enum(['system', 'light', 'dark']),
  engine: engineChoiceSchema,
  layout,
};

const partialSettings: z.ZodType<Partial<Settings>> = z.strictObject({
  language: settingsFields.language.exactOptional(),
  theme: settingsFields.theme.exactOptional(),
  engine: settingsFields.engine.exactOptional(),
  layout: settingsFields.layout.exactOptional(),
});

const document = networkDocumentSchema;
const runId = z.strictObject({ runId: id });
const menu = z.strictObject({
  label: z.string().max(100),
  entries: z
    .array(
      z.strictObject({
        id,
        label: z.string().max(300),
        keys: z.string().max(50).exactOptional(),
        section: z.int().min(0).max(20),
      }),
    )
    .max(100),
});

/** One schema per request of the HostApi; a missing one is a compile error. */
export const requestSchemas: { readonly [N in RequestName]: z.ZodType<HostRequests[N][0]> } = {
  'host.info': nothing,
  'engines.list': z.strictObject({ recheck: z.boolean().exactOptional() }),
  'data.list': nothing,
  'data.info': z.strictObject({ spec: dataSpecSchema }),
  'templates.list': nothing,
  'templates.open': z.strictObject({ id }),
  'files.list': z.strictObject({ dir: z.string().max(limits.pathLength) }),
  'files.pickOpen': nothing,
  'files.pickSave': z.strictObject({ suggestedName: z.string().max(limits.fileNameLength) }),
  'files.pickFolder': nothing,
  'project.open': z.strictObject({ path }),
  'project.save': z.strictObject({
    path,
    document,
    baseRevision: z.string().max(limits.revisionLength).nullable(),
    overwrite: z.boolean(),
  }),
  'project.recent': nothing,
  'draft.save': z.strictObject({
    key: id,
    path: path.nullable(),
    revision: z.string().max(200).exactOptional(),
    runId: id.exactOptional(),
    replaces: id.exactOptional(),
    document,
  }),
  'draft.list': nothing,
  'draft.discard': z.strictObject({ key: id }),
  'run.start': z.strictObject({ document, config: requestedTrainingSchema, dir: path.exactOptional() }),
  'run.stop': runId,
  'run.list': nothing,
  'run.get': runId,
  'run.delete': runId,
  'run.predict': z.strictObject({ runId: id, pixels: z.array(z.number().min(0).max(255)).max(limits.predictedValues) }),
  'export.typescript': z.strictObject({ document, runId: id.nullable(), dir: path }),
  'settings.get': nothing,
  'settings.set': partialSettings,
  'menu.set': z.strictObject({ file: menu, edit: menu, view: menu, help: menu }),
};
