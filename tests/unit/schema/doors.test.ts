import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { train } from '../../../electron/cli/commands/train';
import { parseArguments } from '../../../electron/cli/parseArguments';
import { trainingConfig } from '../../../electron/cli/trainingOptions';
import { readRecord, writeRecord } from '../../../electron/files/runRecord';
import { createHost } from '../../../electron/host';
import { settingControls } from '../../../renderer/training/settingsForm';
import { parseNetwork } from '../../../shared/document/parse';
import { applyEdits } from '../../../shared/editing/applyEdits';
import { requestSchemas } from '../../../shared/host/schemas';
import { augmentationNames } from '../../../shared/schema/augmentation';
import { emptyDocument, type NetworkDocument } from '../../../shared/schema/document';
import { perceptualFields } from '../../../shared/schema/perceptualFields';
import {
  defaultTrainingConfig,
  isFieldShown,
  partialTrainingConfigSchema,
  trainingConfigSchema,
  trainingField,
  trainingFieldNames,
  type TrainingConfig,
  type TrainingFieldName,
} from '../../../shared/schema/training';
import { checkSettings } from '../../../shared/training/checkSettings';

/**
 * Every field of the training configuration with the values at the edges of what it takes, brought through every door: the document's
 * parser, saving, the command line, the form, the start of a run, and a run's record.
 */

const dir = mkdtempSync(join(tmpdir(), 'convloom-doors-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Value = number | string;
type Row = readonly [name: TrainingFieldName, value: Value];

const tiny = 2 ** -40;

/** The edges of a field from inside, and those from outside that are still of its type. */
function edgesOf(name: TrainingFieldName): { readonly inside: readonly Value[]; readonly outside: readonly Value[] } {
  const field = trainingField(name);
  if (field.type === 'choice') return { inside: field.choices.map(({ value }) => value), outside: [] };
  if (field.type === 'text') {
    const longest = 'x'.repeat(field.maxLength ?? 100_000);
    return { inside: ['x', longest], outside: ['', ...(field.maxLength === undefined ? [] : [`${longest}x`])] };
  }
  const { min, max, open, type } = field;
  const step = type === 'integer' ? 1 : tiny;
  return {
    inside: [open === 'min' ? min + step : min, open === 'max' ? max - step : max, field.default],
    outside: [
      ...(open === 'min' ? [min] : []),
      ...(open === 'max' ? [max] : []),
      min - 1,
      max + 1,
      -1e9,
      1e15,
      ...(type === 'integer' ? [min + 0.5] : []),
    ],
  };
}

const inside = trainingFieldNames.flatMap((name) => edgesOf(name).inside.map((value): Row => [name, value]));
const outside = trainingFieldNames.flatMap((name) => edgesOf(name).outside.map((value): Row => [name, value]));
const shorten = (value: Value): string => String(value).slice(0, 20);
const titled = (rows: readonly Row[]) => rows.map(([name, value]) => [name, shorten(value), value] as const);

/** A file as a user writes it by hand. */
function fileWith(name: string, value: Value): string {
  return JSON.stringify({
    format: 'convloom.network',
    version: 1,
    name: 'N',
    nodes: [],
    edges: [],
    train: { [name]: value },
  });
}

function open(source: string): NetworkDocument {
  const parsed = parseNetwork(source);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ summary }) => summary.en).join(' '));
  return parsed.value;
}

function commandLine(name: TrainingFieldName, value: Value): ReturnType<typeof parseArguments> {
  return parseArguments(train, ['net.json', `--${trainingField(name).option}=${value}`]);
}

const whole = (document: NetworkDocument): TrainingConfig => ({ ...defaultTrainingConfig, ...document.train });

async function throughRecord(config: TrainingConfig): Promise<TrainingConfig> {
  await writeRecord(dir, {
    format: 'convloom.run',
    version: 1,
    id: 'run',
    name: 'N',
    startedAt: '2026-01-01T00:00:00.000Z',
    config,
    state: 'completed',
    lastEpoch: null,
    pid: null,
    data: { task: 'classification', classes: ['a'], inputShape: [1], scaling: null },
  });
  const read = await readRecord(dir);
  if (!read.ok) throw new Error(read.diagnostics.map(({ why }) => why?.en).join(' '));
  return read.value.config;
}

describe('what a run accepts passes every door unchanged', () => {
  it.each(titled(inside))('%s %s', async (name, _, value) => {
    const document = open(fileWith(name, value));
    const config = whole(document);
    expect(document.train).toEqual({ [name]: value });
    expect(partialTrainingConfigSchema.parse(document.train)).toEqual(document.train);
    expect(trainingConfigSchema.parse(config)).toEqual(config);
    expect(checkSettings(config)).toEqual([]);
    expect(requestSchemas['run.start'].parse({ document, config })).toEqual({ document, config });
    const read = commandLine(name, value);
    expect(read.ok && trainingConfig(emptyDocument('N'), read.value.options)).toEqual(config);
    expect(read.ok && trainingConfig(document, {})).toEqual(config);
    expect(await throughRecord(config)).toEqual(config);
  });
});

describe('what no run accepts', () => {
  it.each(titled(outside))('opens, is saved, and is read back from a record: %s %s', async (name, _, value) => {
    const document = open(fileWith(name, value));
    const path = join(dir, `${name}.convloom`);
    const request = { path, document, baseRevision: null, overwrite: true };
    expect(requestSchemas['project.save'].parse(request)).toEqual(request);
    expect(requestSchemas['draft.save'].safeParse({ key: 'k', path: null, document }).success).toBe(true);
    const host = createHost({ form: 'memory', dataDir: join(dir, 'data'), projectsDir: dir });
    expect((await host.request('project.save', request)).ok).toBe(true);
    expect(await host.request('project.open', { path })).toMatchObject({ ok: true, value: { document } });
    await host.dispose();
    expect(await throughRecord(whole(document))).toEqual(whole(document));
  });

  it.each(titled(outside))('is refused before a run, with a fix: %s %s', (name, _, value) => {
    const document = open(fileWith(name, value));
    const config = whole(document);
    expect(trainingConfigSchema.safeParse(config).success).toBe(false);
    // The request itself is well formed: the refusal is a finding, not a malformed message.
    expect(requestSchemas['run.start'].safeParse({ document, config }).success).toBe(true);
    const findings = checkSettings(config);
    expect(findings).toMatchObject([{ code: 'train/bad-setting', severity: 'error', at: { path: `train.${name}` } }]);
    const mended = applyEdits(document, findings[0]!.fixes[0]!.edits);
    expect(mended.ok && checkSettings(whole(mended.value))).toEqual([]);
  });

  it.each(titled(outside))('is no option: %s %s', (name, _, value) => {
    const read = commandLine(name, value);
    expect(read.ok ? [] : read.diagnostics.map(({ code }) => code)).toEqual([
      value === '' ? 'command-line/missing-argument' : 'command-line/bad-value',
    ]);
  });
});

describe('the form', () => {
  const everything: TrainingConfig = {
    ...defaultTrainingConfig,
    optimizer: 'momentum',
    schedule: 'step',
    loss: 'focal',
    augment: 'own',
    output: 'a',
    classWeights: 'own',
    outputWeights: 'b=0.3',
  };
  const controls = settingControls(everything, ['a', 'b']);

  it('has a control for every field, with what the field takes', () => {
    // One loss at a time has its settings.
    const others = settingControls({ ...everything, loss: 'perceptual' }, ['a', 'b']);
    const all = new Map([...controls, ...others].map((control) => [control.name, control]));
    expect([...all.keys()].sort()).toEqual([...trainingFieldNames].sort());
    for (const control of all.values()) {
      const field = trainingField(control.name);
      expect(control).toMatchObject({ label: field.label });
      if (control.type === 'number') expect(field).toMatchObject({ min: control.min, max: control.max });
      if (control.type === 'choice' && field.type === 'choice') expect(control.items).toEqual(field.choices);
    }
  });

  it('shows what belongs to an optimizer, a schedule or a loss with it, and the output where there are several or one is named', () => {
    const shown = (config: Partial<TrainingConfig>, outputCount: number) =>
      trainingFieldNames.filter(
        (name) => !isFieldShown(name, { config: { ...defaultTrainingConfig, augment: 'own', ...config }, outputCount }),
      );
    const perceptual = Object.keys(perceptualFields);
    const others = ['decayEpochs', 'decayFactor', 'momentum', ...perceptual, 'focalGamma', 'ownClassWeights'];
    expect(shown({}, 1)).toEqual([...others, 'outputWeights', 'output']);
    expect(shown({ optimizer: 'nesterov' }, 2)).toEqual(others.filter((name) => name !== 'momentum'));
    expect(shown({}, 2)).toEqual(others);
    expect(shown(everything, 1)).toEqual(perceptual);
    expect(shown({ ...everything, loss: 'perceptual' }, 1)).toEqual(['focalGamma']);
  });

  it('shows the strengths of augmentation that are in force, and all where they are set one by one', () => {
    const shown = (config: Partial<TrainingConfig>) =>
      augmentationNames.filter((name) =>
        isFieldShown(name, { config: { ...defaultTrainingConfig, ...config }, outputCount: 1 }),
      );
    expect(shown({})).toEqual([]);
    expect(shown({ augment: 'photos', rotate: 20 })).toEqual(['rotate']);
    expect(shown({ augment: 'own' })).toEqual(augmentationNames);
  });

  it('offers the outputs, none, and one that is named although it is not there', () => {
    const items = (output: string | undefined, outputs: readonly string[]) => {
      const { output: _, ...rest } = everything;
      const config = output === undefined ? rest : { ...rest, output };
      const control = settingControls(config, outputs).find(({ name }) => name === 'output');
      return control?.type === 'choice' ? [control.value, ...control.items.map(({ value }) => value)] : null;
    };
    expect(items(undefined, ['a', 'b'])).toEqual(['', '', 'a', 'b']);
    expect(items('b', ['a', 'b'])).toEqual(['b', '', 'a', 'b']);
    expect(items('ghost', ['a'])).toEqual(['ghost', '', 'a', 'ghost']);
    expect(items(undefined, ['a'])).toBeNull();
  });
});

describe('a change of the settings', () => {
  const document = open(fileWith('epochs', 7));

  it('leaves the others as they are', () => {
    const changed = applyEdits(document, [{ type: 'setTraining', train: { batchSize: 8 } }]);
    expect(changed.ok && changed.value.train).toEqual({ epochs: 7, batchSize: 8 });
  });

  it('unsets by name, and leaves no empty settings behind', () => {
    const changed = applyEdits(document, [{ type: 'setTraining', train: {}, unset: ['epochs'] }]);
    expect(changed.ok && 'train' in changed.value).toBe(false);
  });
});

describe('a record', () => {
  it('of a version without some field has its default, and one with more is read', async () => {
    const { schedule: _, ...older } = defaultTrainingConfig;
    const record = { ...older, clipping: 1 } as unknown as TrainingConfig;
    expect(await throughRecord(record)).toEqual(defaultTrainingConfig);
  });
});

describe('what opens can be saved', () => {
  it.each([
    ['a name of 2,000 characters', { ...emptyDocument('n'.repeat(2000)) }],
    ['an id of 300 characters', { ...emptyDocument('N'), nodes: [{ id: 'i'.repeat(300), kind: 'input', params: {} }] }],
    ['an output of 300 characters', { ...emptyDocument('N'), train: { output: 'o'.repeat(300) } }],
    ['an empty data spec', { ...emptyDocument('N'), train: { data: '' } }],
  ])('%s', (_, document) => {
    const opened = open(JSON.stringify(document));
    expect(opened).toEqual(document);
    const request = { path: '/a', document: opened, baseRevision: null, overwrite: false };
    expect(requestSchemas['project.save'].safeParse(request).success).toBe(true);
  });
});
