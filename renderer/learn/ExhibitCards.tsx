import { Hand } from 'lucide-react';
import type { Lesson } from '../../shared/learn/lesson';
import { exhibitsOf } from '../../shared/learn/exhibits/exhibits';
import { fill, useText } from '../i18n';
import { useUi } from '../store';
import { DoneMark } from './DoneMark';
import { isSolved, openExhibit } from './exhibits/exhibitStore';
import styles from './CoursePanel.module.css';

/** What a lesson has to handle: its exhibits, ticked when their question was answered. */
export function ExhibitCards({ lesson }: { readonly lesson: Lesson }) {
  const { t, pick } = useText('learn');
  const layout = useUi((state) => state.layout);
  const own = exhibitsOf(lesson.id);
  if (own.length === 0) return null;
  return (
    <section className={styles['experiment']} aria-label={t.exhibits}>
      <h4>{t.exhibits}</h4>
      <ul className={styles['exhibits']}>
        {own.map((exhibit) => (
          <li key={exhibit.id}>
            <button
              type="button"
              className={styles['entry']}
              aria-label={fill(t.openExhibit, { title: pick(exhibit.title) })}
              onClick={() => openExhibit(exhibit.id)}
            >
              <DoneMark isDone={isSolved(layout, exhibit)} />
              {pick(exhibit.title)}
              <Hand size={14} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
