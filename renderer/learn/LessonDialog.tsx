import { findLesson, lessons } from '../../shared/learn/lessons';
import type { LessonBlock } from '../../shared/learn/lesson';
import { useText } from '../i18n';
import { Button, Dialog, FigureList } from '../ui';
import { openTemplate } from '../dialogs/fileActions';
import { useWorkspace } from '../session';
import { closeLesson, openLesson, useLesson } from './lessonStore';
import styles from './LessonDialog.module.css';

/** One lesson: what it is about, its formulas and figures, and a network to try it on. */
export function LessonDialog() {
  const { t, pick } = useText('learn');
  const workspace = useWorkspace();
  const id = useLesson((state) => state.id);
  const lesson = id === null ? undefined : findLesson(id);
  const place = lesson === undefined ? -1 : lessons.indexOf(lesson);
  const previous = lessons[place - 1];
  const next = place < 0 ? undefined : lessons[place + 1];
  if (lesson === undefined) return null;
  const tryIt = (): void => {
    closeLesson();
    openTemplate(workspace, lesson.tryIt.template);
  };
  return (
    <Dialog
      isOpen
      onClose={closeLesson}
      width="md"
      title={pick(lesson.title)}
      description={pick(lesson.summary)}
      actions={
        <>
          {previous === undefined ? null : (
            <Button variant="quiet" onClick={() => openLesson(previous.id)}>
              {t.previous}
            </Button>
          )}
          {next === undefined ? null : (
            <Button variant="quiet" onClick={() => openLesson(next.id)}>
              {t.next}
            </Button>
          )}
          <Button variant="primary" onClick={tryIt}>
            {t.tryIt}
          </Button>
        </>
      }
    >
      <article className={styles['lesson']}>
        {lesson.blocks.map((block, index) => (
          <Block key={`${lesson.id} ${index}`} block={block} />
        ))}
        <p className={styles['task']}>
          <b>{t.toTry}</b> {pick(lesson.tryIt.task)}
        </p>
      </article>
    </Dialog>
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
