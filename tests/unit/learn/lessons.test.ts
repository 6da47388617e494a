import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findLayer } from '../../../shared/layers';
import { findLesson, lessons, lessonsFor } from '../../../shared/learn/lessons';

/** Lesson ids that diagnostics name, read from the sources of the catalog. */
function namedLessons(): readonly string[] {
  const folder = 'shared/diagnostics/catalog';
  const sources = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, 'utf8'));
  return sources.flatMap((source) => [...source.matchAll(/lesson: '([a-z-]+)'/g)].map((match) => match[1]!));
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

  it.each(lessons.map((lesson) => [lesson.id, lesson] as const))('%s opens a template that exists', (_id, lesson) => {
    expect(existsSync(`templates/${lesson.tryIt.template}/network.json`)).toBe(true);
  });

  it.each(lessons.map((lesson) => [lesson.id, lesson] as const))('%s names layer kinds that exist', (_id, lesson) => {
    expect(lesson.kinds.filter((kind) => findLayer(kind) === undefined)).toEqual([]);
  });

  it('are offered for conv: the receptive field first', () => {
    expect(lessonsFor('conv')[0]?.id).toBe('receptive-field');
  });
});
