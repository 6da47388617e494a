import { ChevronLeft, ChevronRight, Circle, Trash2, X } from 'lucide-react';
import { useCallback, useState } from 'react';
import { classNameFault } from '../../shared/schema/recording';
import { fill, useText } from '../i18n';
import { formatCount, IconButton, TextInput } from '../ui';
import styles from './camera.module.css';
import { takeFrame } from './frame';
import { HoldButton } from './HoldButton';
import { addPicture, nameClass, removeClass, removePicture } from './recordings';
import type { RecordedClass } from './recordings';
import { useKeptPictures } from './useEarlier';

/** So many pictures of a class are shown at once, the last ones first of all. */
const shownPictures = 8;

type ClassRowProps = {
  readonly of: RecordedClass;
  readonly number: number;
  /** The names of the classes before it: of two that are alike the later one is told. */
  readonly others: readonly string[];
  /** Null while nothing can be recorded. */
  readonly video: HTMLVideoElement | null;
  readonly side: number;
  readonly isOnly: boolean;
};

/** A class that is recorded: its name, the button to hold, and its pictures. */
export function ClassRow({ of, number, others, video, side, isOnly }: ClassRowProps) {
  const { t } = useText('camera');
  const { id, name, isKept, pictures } = of;
  const fault = isKept ? null : classNameFault(name, others);
  const shown = name === '' ? fill(t.classNumber, { number }) : name;
  const [pagesBack, setPagesBack] = useState(0);
  const take = useCallback(() => {
    if (video === null) return;
    setPagesBack(0);
    void takeFrame(video, side).then((blob) => {
      if (blob !== null) addPicture(id, blob);
    });
  }, [id, side, video]);
  return (
    <li className={styles['class']} aria-label={shown}>
      <div className={styles['bar']}>
        <TextInput
          size="sm"
          aria-label={fill(t.nameOf, { number })}
          placeholder={fill(t.classNumber, { number })}
          value={name}
          readOnly={isKept}
          aria-invalid={fault === null || (fault === 'empty' && pictures.length === 0) ? undefined : true}
          onChange={(event) => nameClass(id, event.target.value)}
        />
        <HoldButton
          label={fill(t.holdFor, { name: shown })}
          isDisabled={video === null}
          icon={<Circle size={12} fill="currentColor" aria-hidden />}
          onTick={take}
        >
          {t.hold}
        </HoldButton>
        <span className={styles['count']}>{fill(t.count, { count: formatCount(pictures.length) })}</span>
        <IconButton
          size="sm"
          label={fill(t.removeClass, { name: shown })}
          icon={<Trash2 size={14} />}
          disabled={isOnly}
          onClick={() => removeClass(id)}
        />
      </div>
      {fault === null || fault === 'empty' ? null : (
        <p className={styles['fault']}>{fault === 'taken' ? t.nameTaken : t.nameUnusable}</p>
      )}
      <Pictures of={of} name={shown} pagesBack={pagesBack} onPage={setPagesBack} />
    </li>
  );
}

type PicturesProps = {
  readonly of: RecordedClass;
  readonly name: string;
  readonly pagesBack: number;
  readonly onPage: (pagesBack: number) => void;
};

function Pictures({ of: { id, name: folder, pictures }, name, pagesBack, onPage }: PicturesProps) {
  const { t } = useText('camera');
  const pages = Math.max(1, Math.ceil(pictures.length / shownPictures));
  // Deleted ones may leave fewer pages.
  const back = Math.min(pagesBack, pages - 1);
  const end = pictures.length - back * shownPictures;
  const first = Math.max(0, end - shownPictures);
  const shown = pictures.slice(first, end);
  useKeptPictures(id, folder, shown);
  return (
    <div className={styles['pictures']}>
      {pages === 1 ? null : (
        <IconButton
          size="sm"
          label={fill(t.earlierPictures, { name })}
          icon={<ChevronLeft size={14} />}
          disabled={first === 0}
          onClick={() => onPage(back + 1)}
        />
      )}
      {shown.map((picture, at) => (
        <span key={picture.id} className={styles['picture']}>
          {picture.url === null ? (
            <span className={styles['unread']} />
          ) : (
            <img src={picture.url} alt={fill(t.pictureOf, { name })} />
          )}
          <IconButton
            size="sm"
            label={fill(t.removePicture, { name, number: first + at + 1 })}
            icon={<X size={12} />}
            onClick={() => removePicture(id, picture.id)}
          />
        </span>
      ))}
      {pages === 1 ? null : (
        <IconButton
          size="sm"
          label={fill(t.laterPictures, { name })}
          icon={<ChevronRight size={14} />}
          disabled={back === 0}
          onClick={() => onPage(back - 1)}
        />
      )}
    </div>
  );
}
