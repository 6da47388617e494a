import { findLesson, lessons } from '../../shared/learn/lessons';
import type { Chapter, Lesson } from '../../shared/learn/lesson';
import type { Settings } from '../../shared/host/api';
import { remember, setPanelHidden, useUi } from '../store';

type Layout = Settings['layout'];

/** The lesson that the course shows; undefined for its map. */
export function shownLesson(layout: Layout): Lesson | undefined {
  const id = layout['lesson'];
  return typeof id === 'string' ? findLesson(id) : undefined;
}

/** The lesson that is open beside the canvas; undefined when none is. */
export function openedLesson(): Lesson | undefined {
  const { hiddenPanels, layout } = useUi.getState();
  return hiddenPanels.has('course') ? undefined : shownLesson(layout);
}

let isAwaited = false;

/** Whoever asked for the course reads its title next. It may still be on its way: the panel is fetched when it is first shown. */
export function focusAwaitedTitle(): void {
  const title = document.querySelector<HTMLElement>('[data-course-title]');
  if (!isAwaited || title === null) return;
  isAwaited = false;
  title.focus({ preventScroll: true });
}

function show(id: string): void {
  remember('lesson', id);
  useUi.setState({ isCanvasAlone: false });
  setPanelHidden('course', false);
  isAwaited = true;
  requestAnimationFrame(focusAwaitedTitle);
}

/** Opens a lesson by the id that diagnostics and layer kinds carry. */
export function openLesson(id: string): void {
  show(id);
}

/** Opens a chapter that was assigned: its first lesson that is not done, else its first. */
export function openChapter({ lessons: own }: Chapter): void {
  const { layout } = useUi.getState();
  const next = own.find((lesson) => !isDone(layout, lesson)) ?? own[0];
  if (next !== undefined) show(next.id);
}

/** Opens the map of the course. */
export function openCourse(): void {
  show('');
}

/** Puts the course away, or shows it where it was left. */
export function toggleCourse(): void {
  const { hiddenPanels, layout } = useUi.getState();
  if (hiddenPanels.has('course')) show(shownLesson(layout)?.id ?? '');
  else setPanelHidden('course', true);
}

/** The lesson `by` places further on; undefined at the ends, and from the map. */
export function neighbour(lesson: Lesson | undefined, by: 1 | -1): Lesson | undefined {
  return lesson === undefined ? undefined : lessons[lessons.indexOf(lesson) + by];
}

function figureKey({ id }: Lesson, trial: string): string {
  return `lesson.${id}.${trial}`;
}

/** What a trial of a lesson gave the reader; undefined until it was tried. */
export function figureOf(layout: Layout, lesson: Lesson, trial: string): number | undefined {
  const figure = layout[figureKey(lesson, trial)];
  return typeof figure === 'number' ? figure : undefined;
}

/** Keeps what a trial gave. */
export function keepFigure(lesson: Lesson, trial: string, figure: number): void {
  remember(figureKey(lesson, trial), figure);
}

/** Whether everything that a lesson proposes was tried. */
export function isDone(layout: Layout, lesson: Lesson): boolean {
  return lesson.experiment.trials.every(({ id }) => figureOf(layout, lesson, id) !== undefined);
}
