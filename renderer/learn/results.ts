import { assignedLessons } from '../../shared/grading/course';
import type { CourseResults, ExhibitAnswer } from '../../shared/grading/results';
import type { Rules } from '../../shared/grading/rules';
import type { Settings } from '../../shared/host/api';
import { exhibitsOf } from '../../shared/learn/exhibits/exhibits';
import { findLesson } from '../../shared/learn/lessons';
import { figureOf } from './course';
import { answerOf } from './exhibits/exhibitStore';

/** What the reader did of the lessons that rules are about, as it is handed in and judged. */
export function courseResults(layout: Settings['layout'], rules: Rules): CourseResults {
  const lessons: Record<string, Record<string, number>> = {};
  const exhibits: Record<string, ExhibitAnswer> = {};
  for (const id of assignedLessons(rules)) {
    const lesson = findLesson(id);
    if (lesson === undefined) continue;
    const tried = lesson.experiment.trials.flatMap((trial) => {
      const figure = figureOf(layout, lesson, trial.id);
      return figure === undefined ? [] : [[trial.id, figure] as const];
    });
    if (tried.length > 0) lessons[id] = Object.fromEntries(tried);
    for (const exhibit of exhibitsOf(id)) {
      const answer = answerOf(layout, exhibit);
      if (answer !== null) exhibits[exhibit.id] = answer;
    }
  }
  return { lessons, exhibits };
}
