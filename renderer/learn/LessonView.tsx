import { ChevronLeft, ChevronRight, Flag } from 'lucide-react';
import { chapters } from '../../shared/learn/lessons';
import type { Lesson, LessonBlock } from '../../shared/learn/lesson';
import { fill, useText } from '../i18n';
import { showRace } from '../runs/chosenRuns';
import { Button, FigureList } from '../ui';
import { neighbour, openLesson } from './course';
import { ExhibitCards } from './ExhibitCards';
import { ExperimentCard } from './ExperimentCard';
import styles from './CoursePanel.module.css';

/** One lesson: what it is about, its formulas and figures, what to do, and the way on. */
export function LessonView({ lesson }: { readonly lesson: Lesson }) {
  const { t, pick } = useText('learn');
  const chapter = chapters.find((one) => one.lessons.includes(lesson));
  const place = {
    chapter: chapter === undefined ? '' : pick(chapter.title),
    number: (chapter?.lessons.indexOf(lesson) ?? 0) + 1,
    total: chapter?.lessons.length ?? 1,
  };
  const previous = neighbour(lesson, -1);
  const next = neighbour(lesson, 1);
  return (
    <>
      <article className={styles['scroll']} aria-labelledby="lesson-title">
        <header>
          <p className={styles['muted']}>{fill(t.lessonOf, place)}</p>
          <h3 id="lesson-title" className={styles['title']} tabIndex={-1} data-course-title>
            {pick(lesson.title)}
          </h3>
        </header>
        <p className={styles['summary']}>{pick(lesson.summary)}</p>
        {lesson.blocks.map((block, index) => (
          <Block key={`${lesson.id} ${index}`} block={block} />
        ))}
        <ExhibitCards lesson={lesson} />
        {lesson.hasRace === true ? <RaceLink /> : null}
        <ExperimentCard lesson={lesson} />
      </article>
      <footer className={styles['foot']}>
        {previous === undefined ? null : (
          <Button
            variant="quiet"
            size="sm"
            title={pick(previous.title)}
            icon={<ChevronLeft size={15} aria-hidden />}
            onClick={() => openLesson(previous.id)}
          >
            {t.previous}
          </Button>
        )}
        {next === undefined ? null : (
          <Button variant="quiet" size="sm" title={pick(next.title)} onClick={() => openLesson(next.id)}>
            {t.next}
            <ChevronRight size={15} aria-hidden />
          </Button>
        )}
      </footer>
    </>
  );
}

/** To the race of descents, on the open network. */
function RaceLink() {
  const { t } = useText('runs');
  return (
    <Button size="sm" icon={<Flag size={15} aria-hidden />} onClick={showRace}>
      {t.raceOpen}
    </Button>
  );
}

function Block({ block }: { readonly block: LessonBlock }) {
  const { pick } = useText('learn');
  if (block.type === 'text') return <p>{pick(block.text)}</p>;
  if (block.type === 'formula') {
    return (
      <figure className={styles['formula']}>
        <code>{block.formula}</code>
        <figcaption>{pick(block.note)}</figcaption>
      </figure>
    );
  }
  return <FigureList rows={block.rows.map((row) => [pick(row.label), row.value])} />;
}
