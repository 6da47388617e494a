import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeNetwork } from '../../../shared/analysis/analyze';
import { parseNetwork } from '../../../shared/document/parse';
import { serializeNetwork } from '../../../shared/document/serialize';
import { printPytorch } from '../../../shared/exports/pytorch';
import { printTypescript } from '../../../shared/exports/typescript';
import { parseRules } from '../../../shared/grading/rules';
import { corpusOf, fuzz, fuzzSeed, mutantCount } from '../../support/fuzz/corpus';
import type { Case } from '../../support/fuzz/corpus';
import { createDice, mutateBytes, mutateValue } from '../../support/fuzz/mutate';
import { tellSoak } from '../../support/faults/points';

const root = join(import.meta.dirname, '..', '..', '..');
const timeout = 60_000 + 100 * mutantCount;

/** Every template that is no giant: what is wrong in a network of two hundred layers is wrong in one of twenty. */
function documents(): readonly Case[] {
  return readdirSync(join(root, 'templates'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, 'templates', entry.name, 'network.json')))
    .map(({ name }) => ({ name, bytes: readFileSync(join(root, 'templates', name, 'network.json')) }))
    .filter(({ bytes }) => bytes.length < 20_000);
}

/** Does with a document all that opening it in the app does, and printing it. Null where that went well. */
function takeDocument({ bytes }: Case): string | null {
  const parsed = parseNetwork(bytes.toString('utf8'));
  if (!parsed.ok) return parsed.diagnostics.length > 0 ? null : 'It is refused without a reason.';
  const document = parsed.value;
  const analysis = analyzeNetwork(document);
  const again = parseNetwork(serializeNetwork(document));
  if (!again.ok) return `What opens cannot be opened once it is saved: ${again.diagnostics[0]?.summary.en ?? ''}`;
  if (serializeNetwork(again.value) !== serializeNetwork(document)) return 'It is saved differently the second time.';
  const prototype = Object.keys(Object.prototype);
  if (prototype.length > 0) return `Every object has ${prototype.join()} now.`;
  // One of them for each: printing a network of thousands of nodes takes its second.
  const printed = (bytes.length % 2 === 0 ? printTypescript : printPytorch)(document, analysis);
  if (!printed.ok && printed.diagnostics.length === 0) return 'It is not printed, without a reason.';
  return null;
}

function* mutantsOf(seeds: readonly Case[], count: number, seed: number): Generator<Case> {
  const dice = createDice(seed);
  const values = seeds.map(({ name, bytes }) => ({ name, value: JSON.parse(bytes.toString('utf8')) as unknown }));
  for (let at = 0; at < count; at++) {
    const { name, value } = dice.of(values);
    const text = JSON.stringify(mutateValue(value, dice));
    // One in ten is no JSON any more.
    const bytes = at % 10 === 9 ? mutateBytes(Buffer.from(text), dice) : Buffer.from(text);
    yield { name: `${name}-${at}.json`, bytes };
  }
}

describe('a document', () => {
  it('that once found a fault finds none', async () => {
    expect((await fuzz('documents', corpusOf('documents'), takeDocument)).problems).toEqual([]);
  });

  it(
    'changed at random is opened or refused with a reason, saved as it was opened, and never more than that',
    { timeout },
    async () => {
      const found = await fuzz('documents', mutantsOf(documents(), mutantCount, fuzzSeed), takeDocument);
      expect(found.problems.join('\n\n')).toBe('');
      expect(found.count).toBe(mutantCount);
      tellSoak(`documents: ${found.count} mutants, 0 exceptions, the slowest took ${Math.round(found.slowestMs)} ms`);
    },
  );
});

describe('rules for grading', () => {
  const page = readFileSync(join(root, 'docs', 'rules.md'), 'utf8');
  const seeds = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = ''], at) => ({
    name: `rules-${at}`,
    bytes: Buffer.from(text),
  }));
  const take = ({ bytes }: Case): string | null => {
    const parsed = parseRules(bytes.toString('utf8'));
    return parsed.ok || parsed.diagnostics.length > 0 ? null : 'They are refused without a reason.';
  };

  it('that once found a fault find none', async () => {
    expect((await fuzz('rules', corpusOf('rules'), take)).problems).toEqual([]);
  });

  it('changed at random are read or refused with a reason', { timeout }, async () => {
    const found = await fuzz('rules', mutantsOf(seeds, mutantCount, fuzzSeed), take);
    expect(found.problems.join('\n\n')).toBe('');
    tellSoak(`rules: ${found.count} mutants, 0 exceptions`);
  });
});
