import { ChevronLeft, X } from 'lucide-react';
import { useEffect } from 'react';
import { chapters, lessons } from '../../shared/learn/lessons';
import { fill, useText } from '../i18n';
import { setPanelHidden, useUi } from '../store';
import { Button, IconButton } from '../ui';
import { focusAwaitedTitle, isDone, openCourse, openLesson, shownLesson } from './course';
import { DoneMark } from './DoneMark';
import { LessonView } from './LessonView';
import styles from './CoursePanel.module.css';

/** The course beside the canvas: one lesson, or the map of them all. */
export function CoursePanel() {
  const { t } = useText('learn');
  const { t: app } = useText('app');
  const lesson = useUi((state) => shownLesson(state.layout));
  useEffect(() => {
    requestAnimationFrame(focusAwaitedTitle);
  }, []);
  return (
    <aside className={styles['course']} aria-label={t.course}>
      <header className={styles['bar']}>
        {lesson === undefined ? (
          <Progress />
        ) : (
          <Button variant="quiet" size="sm" icon={<ChevronLeft size={15} aria-hidden />} onClick={openCourse}>
            {t.map}
          </Button>
        )}
        <IconButton
          size="sm"
          side="left"
          label={app.close}
          icon={<X size={15} />}
          onClick={() => setPanelHidden('course', true)}
        />
      </header>
      {lesson === undefined ? <CourseMap /> : <LessonView key={lesson.id} lesson={lesson} />}
    </aside>
  );
}

function Progress() {
  const { t } = useText('learn');
  const done = useUi(({ layout }) => lessons.filter((lesson) => isDone(layout, lesson)).length);
  return <p className={styles['muted']}>{fill(t.doneOf, { done, total: lessons.length })}</p>;
}

/** Every lesson by its chapter, and what of it was done. */
function CourseMap() {
  const { t, pick } = useText('learn');
  const layout = useUi((state) => state.layout);
  return (
    <div className={styles['scroll']}>
      <h3 className={styles['title']} tabIndex={-1} data-course-title>
        {t.course}
      </h3>
      <p className={styles['muted']}>{t.mapHint}</p>
      <ol className={styles['chapters']}>
        {chapters.map((chapter) => (
          <li key={chapter.id}>
            <h4>{pick(chapter.title)}</h4>
            <ul>
              {chapter.lessons.map((lesson) => (
                <li key={lesson.id}>
                  <button type="button" className={styles['entry']} onClick={() => openLesson(lesson.id)}>
                    <DoneMark isDone={isDone(layout, lesson)} />
                    {pick(lesson.title)}
                  </button>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  );
}
