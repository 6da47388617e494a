import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wordOf } from '../../../renderer/i18n';
import { findLayer } from '../../../shared/layers';
import { chapters, findLesson, lessons, lessonsFor } from '../../../shared/learn/lessons';
import type { Lesson } from '../../../shared/learn/lesson';
import { findTrial, trialNetworks } from '../../../shared/learn/measure';
import { fillWords } from '../../../shared/learn/words';
import type { HeadKind } from '../../../shared/transforms/findHead';
import { switchHead } from '../../../shared/transforms/heads';
import type { Language } from '../../../shared/text';
import { readTemplate } from '../../support/templatePrograms';

/** Lesson ids that diagnostics name, read from the sources of the catalog. */
function namedLessons(): readonly string[] {
  const folder = 'shared/diagnostics/catalog';
  const sources = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  return sources.flatMap((source) => [...source.matchAll(/lesson: '([a-z-]+)'/g)].map((match) => match[1]!));
}

const rows = lessons.map((lesson) => [lesson.id, lesson] as const);
/** The tasks that are done with a button of the head lab. */
const switches = lessons.flatMap((lesson) =>
  [...lesson.experiment.task.en.matchAll(/\{ui:compare\.switch_(\w+)\}/g)].map(
    ([, head = '']) => [lesson.id, head as HeadKind, lesson] as const,
  ),
);
const languages: readonly Language[] = ['en', 'zh'];

/** The texts of an experiment as they are shown. */
function shownTexts({ experiment }: Lesson, language: Language): readonly string[] {
  return [experiment.task, experiment.shows].map((text) =>
    fillWords(text[language], language, experiment, (room, key) => wordOf(room, key, language)),
  );
}

describe('lessons', () => {
  it('exist for every id that a diagnostic names', () => {
    const named = namedLessons();
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((id) => findLesson(id) === undefined)).toEqual([]);
  });

  it('have ids of their own', () => {
    expect(new Set(lessons.map((lesson) => lesson.id)).size).toBe(lessons.length);
  });

  it('belong to the chapters of the course, in order', () => {
    expect(chapters.map(({ id }) => id)).toEqual([
      'ideas',
      'pooling',
      'activation',
      'heads',
      'learning',
      'backward',
      'fcn',
      'unet',
    ]);
    expect(chapters.every((chapter) => chapter.lessons.length > 0)).toBe(true);
  });

  it.each(rows)('%s opens a template that exists', (_id, { experiment }) => {
    expect(existsSync(`templates/${experiment.template}/network.json`)).toBe(true);
  });

  it.each(rows)('%s names layer kinds that exist', (_id, lesson) => {
    expect(lesson.kinds.filter((kind) => findLayer(kind) === undefined)).toEqual([]);
  });

  it.each(rows)('%s compares two networks or more, and claims something of them', (_id, { experiment }) => {
    const ids = experiment.trials.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(1);
    const claimed = experiment.claims.flatMap((claim) => ('same' in claim ? claim.same : [claim.more, claim.less]));
    expect(claimed.length).toBeGreaterThan(0);
    expect(claimed.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it.each(rows)('%s says the figures that it compares', (_id, { experiment }) => {
    const figures = new Set(experiment.trials.map(({ figure }) => figure));
    for (const language of languages) {
      const said = experiment.trials.filter(({ id }) => experiment.shows[language].includes(`{${id}}`));
      expect(new Set(said.map(({ figure }) => figure))).toEqual(figures);
    }
  });

  it.each(rows)('%s names only what the window, the layers or the trials have', (_id, lesson) => {
    for (const language of languages) {
      expect(shownTexts(lesson, language).filter((text) => /[{}]/.test(text))).toEqual([]);
    }
  });

  it('call a tab what the window calls it, in each language', () => {
    const gap = findLesson('gap')!;
    expect(shownTexts(gap, 'en')[0]).toContain('Open Compare and press Switch to GAP');
    expect(shownTexts(gap, 'zh')[0]).toContain(`“${wordOf('app', 'compare', 'zh') ?? ''}”`);
  });

  it.each(switches)('%s ticks off the network that the button of its task makes: %s', (_id, head, { experiment }) => {
    const networks = trialNetworks(readTemplate(experiment.template), experiment);
    const [first] = networks;
    const switched = first === undefined ? null : switchHead(first.document, first.analysis, head);
    if (switched?.ok !== true) throw new Error('The head cannot be switched.');
    const { document, after } = switched.value;
    expect(findTrial(experiment, networks, document, after)?.trial.id).toBe(head);
  });

  it('leave a place visible that names nothing', () => {
    const { experiment } = findLesson('gap')!;
    expect(fillWords('{ui:app.nothing} {gap}', 'en', experiment, () => undefined)).toBe('{ui:app.nothing} 26,080');
  });

  it('are offered for conv: the receptive field first', () => {
    expect(lessonsFor('conv')[0]?.id).toBe('receptive-field');
  });
});
