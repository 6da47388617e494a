import { useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { classNameFault } from '../../shared/schema/recording';
import { FolderInput } from '../dialogs/FolderInput';
import { useText } from '../i18n';
import { currentHost, useHost } from '../store';
import { Button, Failures } from '../ui';
import styles from './camera.module.css';
import { clearRecordings, hasChanges, recordingRequest } from './recordings';
import type { Recordings } from './recordings';

/** The first of `name`, `name-2`, `name-3` in a folder that no earlier recording has. */
function freePath(folder: string, name: string, taken: readonly string[]): string {
  const slash = folder.includes('\\') ? '\\' : '/';
  const path = `${folder}${slash}${name}`;
  let number = 1;
  const numbered = (): string => (number === 1 ? path : `${path}-${number}`);
  while (taken.includes(numbered())) number += 1;
  return numbered();
}

type SavingProps = {
  readonly recordings: Recordings;
  /** Folders of earlier recordings. */
  readonly dirs: readonly string[];
  readonly onSaved: (dir: string) => void;
  readonly onStartOver: () => void;
};

/** Where the pictures go, what keeps them from it, and the button that writes them. */
export function Saving({ recordings, dirs, onSaved, onStartOver }: SavingProps) {
  const { t } = useText('camera');
  const projectsDir = useHost((state) => state.info?.projectsDir ?? '');
  const [dir, setDir] = useState<string | null>(null);
  const [failures, setFailures] = useState<readonly Diagnostic[]>([]);
  const [isSaving, setSaving] = useState(false);
  const { earlier } = recordings;
  const path = earlier?.dir ?? dir ?? freePath(projectsDir, t.folderName, dirs);
  const used = recordings.classes.filter(({ pictures }) => pictures.length > 0);
  // The names of folders that are there are what they are.
  const areNamed = used.every(({ name, isKept }, at) => {
    const others = used.slice(0, at).map((one) => one.name);
    return isKept || classNameFault(name, others) === null;
  });
  // A network that tells classes apart needs two, and one picture of each to train on and one to validate.
  const isEnough = used.length > 1 && used.every(({ pictures }) => pictures.length > 1);
  const isChanged = hasChanges(recordings);
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
  const hint = earlier === null ? t.folderHint : t.earlierHint;
  return (
    <div className={styles['saving']}>
      {earlier !== null ? null : (
        <div className={styles['field']}>
          <span>{t.folder}</span>
          <FolderInput
            size="sm"
            aria-label={t.folder}
            value={path}
            onChange={(event) => setDir(event.target.value)}
            onPick={(picked) => setDir(freePath(picked, t.folderName, dirs))}
          />
        </div>
      )}
      <Failures diagnostics={failures} />
      <p className={styles['hint']}>{!isEnough ? t.needsMore : !areNamed ? t.needsNames : hint}</p>
      <div className={styles['bar']}>
        <Button
          variant="primary"
          disabled={!isEnough || !areNamed || !isChanged || isSaving || path.trim() === ''}
          onClick={() => void save()}
        >
          {t.save}
        </Button>
        <Button disabled={!isChanged || isSaving} onClick={onStartOver}>
          {t.startOver}
        </Button>
      </div>
    </div>
  );
}
