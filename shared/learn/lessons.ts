import type { Lesson } from './lesson';
import { headLessons } from './lessons/heads';
import { segmentationLessons } from './lessons/segmentation';
import { trainingLessons } from './lessons/training';
import { windowLessons } from './lessons/windows';

/** All lessons, in the order in which to read them. */
export const lessons: readonly Lesson[] = [
  ...windowLessons,
  ...headLessons,
  ...trainingLessons,
  ...segmentationLessons,
];

/** The lesson with this id, as diagnostics name it. */
export function findLesson(id: string): Lesson | undefined {
  return lessons.find((lesson) => lesson.id === id);
}

/** Lessons that the inspector offers for a layer kind, in reading order. */
export function lessonsFor(kind: string): readonly Lesson[] {
  return lessons.filter((lesson) => lesson.kinds.includes(kind));
}
