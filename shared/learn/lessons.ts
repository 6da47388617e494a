import { text } from '../text';
import type { Chapter, Lesson } from './lesson';
import { activationLessons } from './lessons/activation';
import { backwardLessons } from './lessons/backward';
import { fcnLessons } from './lessons/fcn';
import { headLessons } from './lessons/heads';
import { ideaLessons } from './lessons/ideas';
import { learningLessons } from './lessons/learning';
import { poolingLessons } from './lessons/pooling';
import { unetLessons } from './lessons/unet';

/** The course: its chapters with their lessons, in the order in which to read them. */
export const chapters: readonly Chapter[] = [
  { id: 'ideas', title: text('Windows and shared weights', '窗口与权值共享'), lessons: ideaLessons },
  { id: 'pooling', title: text('Pooling', '池化'), lessons: poolingLessons },
  { id: 'activation', title: text('Activation', '激活'), lessons: activationLessons },
  { id: 'heads', title: text('From maps to scores', '从特征图到得分'), lessons: headLessons },
  { id: 'learning', title: text('Learning', '学习'), lessons: learningLessons },
  { id: 'backward', title: text('The backward pass', '反向传播'), lessons: backwardLessons },
  { id: 'fcn', title: text('From FC to FCN', '从全连接到 FCN'), lessons: fcnLessons },
  { id: 'unet', title: text('U-Net', 'U-Net'), lessons: unetLessons },
];

/** All lessons, in the order in which to read them. */
export const lessons: readonly Lesson[] = chapters.flatMap((chapter) => chapter.lessons);

/** The lesson with this id, as diagnostics name it. */
export function findLesson(id: string): Lesson | undefined {
  return lessons.find((lesson) => lesson.id === id);
}

/** Lessons that the inspector offers for a layer kind, in reading order. */
export function lessonsFor(kind: string): readonly Lesson[] {
  return lessons.filter((lesson) => lesson.kinds.includes(kind));
}
