import { Circle, Plus, Trash2, X } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { classNameFault, recordedSides } from '../../shared/schema/recording';
import { FolderInput } from '../dialogs/FolderInput';
import { fill, useText } from '../i18n';
import { currentHost, useHost } from '../store';
import { Button, Dialog, Failures, formatCount, IconButton, Select, TextInput } from '../ui';
import { CameraView } from './CameraView';
import styles from './camera.module.css';
import { takeFrame } from './frame';
import { HoldButton } from './HoldButton';
import {
  addClass,
  addPicture,
  clearRecordings,
  countPictures,
  isFull,
  nameClass,
  recordingRequest,
  removeClass,
  removePicture,
  setSide,
  useRecordings,
} from './recordings';
import type { RecordedClass, Recordings } from './recordings';
import { useCamera } from './useCamera';

type RecordDialogProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Told where the pictures are when they have been saved. */
  readonly onSaved: (dir: string) => void;
};

/** The last so many pictures of a class are shown. */
const shownPictures = 8;

/** Records pictures with the camera, class by class, and saves them as a folder of images. */
export function RecordDialog({ isOpen, onClose, onSaved }: RecordDialogProps) {
  const { t } = useText('camera');
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t.record} description={t.recordHint} width="xl">
      <Recorder
        onSaved={(dir) => {
          onClose();
          onSaved(dir);
        }}
      />
    </Dialog>
  );
}

function Recorder({ onSaved }: { readonly onSaved: (dir: string) => void }) {
  const { t } = useText('camera');
  const recordings = useRecordings();
  const { state, video, attach, retry } = useCamera(true);
  const { side, classes } = recordings;
  const full = isFull(recordings);
  return (
    <div className={styles['recorder']}>
      <div className={styles['column']}>
        <CameraView state={state} attach={attach} onRetry={retry} />
        <div className={styles['field']}>
          <span>{t.side}</span>
          <Select
            label={t.side}
            value={String(side)}
            items={recordedSides.map((size) => ({ value: String(size), label: `${size}×${size}` }))}
            // Pictures that are there already have their size.
            isDisabled={countPictures(recordings) > 0}
            onChange={(value) => setSide(Number(value))}
          />
        </div>
        {full ? <p role="status">{t.full}</p> : null}
      </div>
      <div className={styles['column']}>
        <ul className={styles['classes']} aria-label={t.classes}>
          {classes.map((one, at) => (
            <ClassRow
              key={one.id}
              of={one}
              number={at + 1}
              others={classes.slice(0, at).map(({ name }) => name)}
              video={state.status === 'on' && !full ? video : null}
              side={side}
              isOnly={classes.length === 1}
            />
          ))}
        </ul>
        <Button size="sm" icon={<Plus size={14} aria-hidden />} onClick={addClass}>
          {t.addClass}
        </Button>
        <Saving recordings={recordings} onSaved={onSaved} />
      </div>
    </div>
  );
}

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

function ClassRow({ of: { id, name, pictures }, number, others, video, side, isOnly }: ClassRowProps) {
  const { t } = useText('camera');
  const fault = classNameFault(name, others);
  const shown = name === '' ? fill(t.classNumber, { number }) : name;
  const take = useCallback(() => {
    if (video === null) return;
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
      <div className={styles['pictures']}>
        {pictures.slice(-shownPictures).map((picture, at, all) => (
          <span key={picture.id} className={styles['picture']}>
            <img src={picture.url} alt={fill(t.pictureOf, { name: shown })} />
            <IconButton
              size="sm"
              label={fill(t.removePicture, { name: shown, number: pictures.length - all.length + at + 1 })}
              icon={<X size={12} />}
              onClick={() => removePicture(id, picture.id)}
            />
          </span>
        ))}
      </div>
    </li>
  );
}

function Saving({ recordings, onSaved }: { readonly recordings: Recordings; readonly onSaved: (dir: string) => void }) {
  const { t } = useText('camera');
  const projectsDir = useHost((state) => state.info?.projectsDir ?? '');
  const [dir, setDir] = useState<string | null>(null);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const [isSaving, setSaving] = useState(false);
  const slash = projectsDir.includes('\\') ? '\\' : '/';
  const path = dir ?? `${projectsDir}${slash}${t.folderName}`;
  const used = recordings.classes.filter(({ pictures }) => pictures.length > 0);
  const names = used.map(({ name }) => name);
  const areNamed = names.every((name, at) => classNameFault(name, names.slice(0, at)) === null);
  // A network that tells classes apart needs two, and one picture of each to train on and one to validate.
  const isEnough = used.length > 1 && used.every(({ pictures }) => pictures.length > 1);
  const save = async (): Promise<void> => {
    setSaving(true);
    const answer = await currentHost()?.request('data.record', await recordingRequest(recordings, path.trim()));
    setSaving(false);
    if (answer === undefined) return;
    setFailures(answer.ok ? [] : answer.diagnostics);
    if (!answer.ok) return;
    clearRecordings();
    onSaved(answer.value.dir);
  };
  return (
    <div className={styles['saving']}>
      <div className={styles['field']}>
        <span>{t.folder}</span>
        <FolderInput
          size="sm"
          aria-label={t.folder}
          value={path}
          onChange={(event) => setDir(event.target.value)}
          onPick={(picked) => setDir(`${picked}${slash}${t.folderName}`)}
        />
      </div>
      <Failures diagnostics={failures} />
      <p className={styles['hint']}>{!isEnough ? t.needsMore : !areNamed ? t.needsNames : t.folderHint}</p>
      <div className={styles['bar']}>
        <Button
          variant="primary"
          disabled={!isEnough || !areNamed || isSaving || path.trim() === ''}
          onClick={() => void save()}
        >
          {t.save}
        </Button>
        <Button disabled={countPictures(recordings) === 0} onClick={clearRecordings}>
          {t.startOver}
        </Button>
      </div>
    </div>
  );
}
