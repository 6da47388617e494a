import { BookOpen } from 'lucide-react';
import { chapters, lessons } from '../../shared/learn/lessons';
import { neighbour, openCourse, openedLesson, openLesson, shownLesson, toggleCourse } from '../learn/course';
import type { Action, ActionState } from './action';
import { always, both } from './action';

function neighbourNow({ ui }: ActionState, by: 1 | -1) {
  return ui.hiddenPanels.has('course') ? undefined : neighbour(shownLesson(ui.layout), by);
}

/** A step through the lessons. */
function stepAction(id: string, label: Action['label'], keys: string, by: 1 | -1): Action {
  return {
    id,
    group: 'learn',
    label,
    shortcuts: [keys],
    scope: 'page',
    applies: (state) => neighbourNow(state, by) !== undefined,
    perform: () => {
      const lesson = neighbour(openedLesson(), by);
      if (lesson !== undefined) openLesson(lesson.id);
    },
  };
}

/** The course: its map, each lesson by name, and the way through them. */
export const learnActions: readonly Action[] = [
  {
    id: 'toggle.course',
    group: 'learn',
    label: both('learn', 'showCourse'),
    icon: BookOpen,
    shortcuts: ['F1'],
    scope: 'always',
    applies: always,
    title: ({ ui }) => both('learn', ui.hiddenPanels.has('course') ? 'showCourse' : 'hideCourse'),
    perform: toggleCourse,
  },
  { id: 'course', group: 'learn', label: both('learn', 'map'), applies: always, perform: openCourse },
  stepAction('lesson.next', both('learn', 'next'), ']', 1),
  stepAction('lesson.previous', both('learn', 'previous'), '[', -1),
  ...lessons.map(({ id, title, summary }): Action => ({
    id: `lesson.${id}`,
    group: 'learn',
    label: title,
    help: summary,
    applies: always,
    perform: () => openLesson(id),
  })),
];

/** What the Learn menu shows: the course as a whole, then the lessons of each chapter. */
export const learnMenu: readonly (readonly string[])[] = [
  ['course', 'toggle.course', 'lesson.next', 'lesson.previous'],
  ...chapters.map((chapter) => chapter.lessons.map(({ id }) => `lesson.${id}`)),
];
