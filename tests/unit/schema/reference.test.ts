import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportNetwork } from '../../../electron/cli/commands/export';
import { train } from '../../../electron/cli/commands/train';
import { commandHelp } from '../../../electron/cli/help';
import { dataCatalogue } from '../../../electron/data/catalogue';
import { engines } from '../../../electron/engines';
import {
  parseDataSpec,
  dataSources,
  dataSpecPattern,
  emptyDataSpec,
  isWholeDataSpec,
} from '../../../shared/schema/data';
import { formatted } from '../../support/formatted';
import { engineChoices, engineIds } from '../../../shared/schema/engines';
import { exportTargets } from '../../../shared/schema/exports';
import { settingsReference } from '../../../shared/schema/reference';
import { bySeverity, severities } from '../../../shared/schema/severities';
import { trainingField, trainingFieldNames } from '../../../shared/schema/training';

describe('what is declared once', () => {
  it('is what docs/settings.md says; -u writes it anew', async () => {
    const path = join(import.meta.dirname, '../../../docs/settings.md');
    await expect(await formatted(path, settingsReference())).toMatchFileSnapshot(path);
  });

  it('is in the help of convloom train, field by field', () => {
    const help = commandHelp(train);
    for (const name of trainingFieldNames) {
      expect(help).toContain(`--${trainingField(name).option} `);
      expect(help).toContain(trainingField(name).doc.en);
    }
  });

  it('gives the engines, the fastest first', () => {
    expect(engines.map(({ id }) => id)).toEqual(engineIds);
    expect(engineChoices).toEqual(['auto', ...engineIds]);
  });

  it('gives the catalogue of data', () => {
    expect(dataCatalogue.map(({ spec }) => spec)).toEqual(dataSources.map(dataSpecPattern));
  });

  it('gives what convloom export takes', () => {
    const built = exportTargets.map(({ id }) => id);
    expect(exportNetwork.options.to.placeholder).toBe(built.join('|'));
  });

  it('sorts findings, the worst first', () => {
    const found = (['info', 'error', 'warning', 'error'] as const).map((severity, index) => ({ severity, index }));
    expect(found.sort(bySeverity).map(({ index }) => index)).toEqual([1, 3, 2, 0]);
    expect(severities).toEqual(['error', 'warning', 'info']);
  });
});

describe('a data spec', () => {
  it.each(dataSources.map((source) => [source.example, source.kind] as const))('%s is of kind %s', (example, kind) => {
    expect(parseDataSpec(example)?.source.kind).toBe(kind);
    expect(isWholeDataSpec(example)).toBe(true);
  });

  it.each(dataSources.map(({ kind, takes }) => [emptyDataSpec(kind), takes === null] as const))(
    '%s is whole: %s',
    (spec, isWhole) => expect(isWholeDataSpec(spec)).toBe(isWhole),
  );

  it('keeps colons of its path', () => {
    expect(parseDataSpec('csv:C:\\a.csv')).toMatchObject({ source: { kind: 'csv' }, path: 'C:\\a.csv' });
  });

  it.each(['', 'nothing', 'mnist:here', ':', 'constructor', '__proto__'])('%j is none', (spec) => {
    expect(parseDataSpec(spec)).toBeNull();
    expect(isWholeDataSpec(spec)).toBe(false);
  });
});
