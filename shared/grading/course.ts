import { exhibitsOf, findExhibit } from '../learn/exhibits/exhibits';
import { chapters, findLesson } from '../learn/lessons';
import type { Chapter } from '../learn/lesson';
import { text, type Text } from '../text';
import type { CourseResults } from './results';
import type { Rule, Rules } from './rules';

/** A rule about the course, not about the network. */
export type CourseRule = Extract<Rule, { rule: 'lesson' | 'exhibit' }>;

/** Whether a rule is about what was done of the course. */
export function isCourseRule(rule: Rule): rule is CourseRule {
  return rule.rule === 'lesson' || rule.rule === 'exhibit';
}

/** The chapter with this id. */
export function findChapter(id: string | undefined): Chapter | undefined {
  return chapters.find((chapter) => chapter.id === id);
}

/** What a chapter demands when it is assigned whole: each of its lessons tried, and each question of its exhibits answered. */
export function chapterRules({ lessons }: Chapter): readonly CourseRule[] {
  const points = 1;
  return lessons.flatMap(({ id }): CourseRule[] => [
    { rule: 'lesson', lesson: id, points },
    ...exhibitsOf(id).map((exhibit): CourseRule => ({ rule: 'exhibit', exhibit: exhibit.id, points })),
  ]);
}

/** The lessons that rules are about, those of their chapter among them. */
export function assignedLessons({ chapter, rules }: Rules): readonly string[] {
  const named = rules.filter(isCourseRule).flatMap((rule) => {
    const id = rule.rule === 'lesson' ? rule.lesson : findExhibit(rule.exhibit)?.lesson;
    return id === undefined ? [] : [id];
  });
  return [...new Set([...(findChapter(chapter)?.lessons.map(({ id }) => id) ?? []), ...named])];
}

/** What a rule of the course is called. */
export function courseTitle(rule: CourseRule): Text {
  if (rule.rule === 'lesson') {
    const title = findLesson(rule.lesson)?.title ?? text(rule.lesson, rule.lesson);
    return text(`Lesson “${title.en}”`, `课程“${title.zh}”`);
  }
  const title = findExhibit(rule.exhibit)?.title ?? text(rule.exhibit, rule.exhibit);
  return text(`Question of “${title.en}”`, `“${title.zh}”的问题`);
}

type Verdict = { readonly ok: boolean; readonly expected: Text; readonly found: Text };

const notHandedIn = text('no results are handed in', '没有上交结果');

/** Judges by what a student did of the course; null where nothing of it was handed in. */
export function judgeCourse(rule: CourseRule, results: CourseResults | null): Verdict {
  if (rule.rule === 'lesson') {
    const trials = findLesson(rule.lesson)?.experiment.trials ?? [];
    const expected = text(`all ${trials.length} networks tried`, `试过全部 ${trials.length} 个网络`);
    if (results === null) return { ok: false, expected, found: notHandedIn };
    const tried = Object.keys(results.lessons[rule.lesson] ?? {});
    const count = trials.filter(({ id }) => tried.includes(id)).length;
    return { ok: count === trials.length, expected, found: text(`${count} tried`, `试过 ${count} 个`) };
  }
  const expected = text('answered rightly', '答对');
  if (results === null) return { ok: false, expected, found: notHandedIn };
  const given = results.exhibits[rule.exhibit];
  if (given === undefined) return { ok: false, expected, found: text('not answered', '未作答') };
  const words = given.answer === '' ? ['', ''] : [`: ${given.answer}`, `：${given.answer}`];
  const times = given.tries > 0 ? [`, at try ${given.tries}`, `，第 ${given.tries} 次`] : ['', ''];
  return given.solved
    ? { ok: true, expected, found: text(`right${words[0]}${times[0]}`, `答对${words[1]}${times[1]}`) }
    : { ok: false, expected, found: text(`not right yet${words[0]}`, `尚未答对${words[1]}`) };
}
