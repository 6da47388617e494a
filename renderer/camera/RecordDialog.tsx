import { Plus, Undo2 } from 'lucide-react';
import { useRef } from 'react';
import { flushSync } from 'react-dom';
import { recordedSides } from '../../shared/schema/recording';
import { useText } from '../i18n';
import { Button, Dialog, Failures, Select } from '../ui';
import { CameraView } from './CameraView';
import styles from './camera.module.css';
import { ClassRow } from './ClassRow';
import { addClass, countPictures, hasChanges, isFull, setSide, undoDeletion, useRecordings } from './recordings';
import { Saving } from './Saving';
import { useCamera } from './useCamera';
import { useEarlier } from './useEarlier';
import type { Earlier } from './useEarlier';

type RecordDialogProps = {
  readonly isOpen: boolean;
  /** The folder of images that is the data now: one that was recorded is gone on with. Null where they are something else. */
  readonly dataDir: string | null;
  readonly onClose: () => void;
  /** Told where the pictures are when they have been saved. */
  readonly onSaved: (dir: string) => void;
};

/** Records pictures with the camera, class by class, and saves them as a folder of images, or adds them to one. */
export function RecordDialog({ isOpen, dataDir, onClose, onSaved }: RecordDialogProps) {
  const { t } = useText('camera');
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t.record} description={t.recordHint} width="xl">
      <Recorder
        dataDir={dataDir}
        onSaved={(dir) => {
          onClose();
          onSaved(dir);
        }}
      />
    </Dialog>
  );
}

type RecorderProps = Pick<RecordDialogProps, 'dataDir' | 'onSaved'>;

function Recorder({ dataDir, onSaved }: RecorderProps) {
  const { t } = useText('camera');
  const recordings = useRecordings();
  const earlier = useEarlier(dataDir);
  const { state, video, attach, retry } = useCamera(true);
  const { side, classes, deleted } = recordings;
  const full = isFull(recordings);
  const list = useRef<HTMLUListElement>(null);
  const add = (): void => {
    flushSync(addClass);
    // Below the others it may be out of sight, and its name comes next.
    list.current?.lastElementChild?.querySelector('input')?.focus();
  };
  return (
    <div className={styles['recorder']}>
      <div className={styles['column']}>
        <CameraView state={state} attach={attach} onRetry={retry} />
        <Into earlier={earlier} />
        <SideField />
        {full ? <p role="status">{t.full}</p> : null}
      </div>
      <div className={styles['column']}>
        <ul ref={list} className={styles['classes']} aria-label={t.classes}>
          {classes.map((one, at) => (
            <ClassRow
              key={one.id}
              of={one}
              number={at + 1}
              // A folder that is there keeps its name, wherever it stands.
              others={classes
                .filter(({ isKept }, other) => other !== at && (isKept || other < at))
                .map((other) => other.name)}
              video={state.status === 'on' && !full && !earlier.isOpening ? video : null}
              side={side}
              isOnly={classes.length === 1}
            />
          ))}
        </ul>
        <div className={styles['bar']}>
          <Button size="sm" icon={<Plus size={14} aria-hidden />} onClick={add}>
            {t.addClass}
          </Button>
          <Button
            size="sm"
            icon={<Undo2 size={14} aria-hidden />}
            disabled={deleted.length === 0}
            onClick={undoDeletion}
          >
            {t.undoDeletion}
          </Button>
        </div>
        <Saving
          recordings={recordings}
          dirs={earlier.dirs}
          onSaved={onSaved}
          onStartOver={() => earlier.choose(recordings.earlier?.dir ?? null)}
        />
      </div>
    </div>
  );
}

function nameOf(dir: string): string {
  return dir.split(/[\\/]/).at(-1) ?? dir;
}

/** Chooses between a new recording and earlier ones. */
function Into({ earlier: { dirs, isOpening, failures, choose } }: { readonly earlier: Earlier }) {
  const { t } = useText('camera');
  const dir = useRecordings(({ earlier }) => earlier?.dir ?? '');
  const isChanged = useRecordings(hasChanges);
  if (dirs.length === 0 && dir === '') return null;
  const known = dir === '' || dirs.includes(dir) ? dirs : [dir, ...dirs];
  return (
    <div className={styles['field']}>
      <span>{t.into}</span>
      <Select
        label={t.into}
        value={dir}
        items={[{ value: '', label: t.newOne }, ...known.map((one) => ({ value: one, label: nameOf(one), hint: one }))]}
        // Another one would take the place of what is not saved.
        isDisabled={isChanged || isOpening}
        onChange={(chosen) => choose(chosen === '' ? null : chosen)}
      />
      {isChanged ? <p className={styles['hint']}>{t.saveFirst}</p> : null}
      <Failures diagnostics={failures} />
    </div>
  );
}

function SideField() {
  const { t } = useText('camera');
  const recordings = useRecordings();
  const { side, earlier } = recordings;
  const sides = recordedSides.some((size) => size === side) ? recordedSides : [...recordedSides, side];
  return (
    <div className={styles['field']}>
      <span>{t.side}</span>
      <Select
        label={t.side}
        value={String(side)}
        items={sides.map((size) => ({ value: String(size), label: `${size}×${size}` }))}
        // Pictures that are there already have their size.
        isDisabled={countPictures(recordings) > 0 || earlier !== null}
        onChange={(value) => setSide(Number(value))}
      />
    </div>
  );
}
