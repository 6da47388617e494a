import { ArrowUp, FileText, Folder } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../i18n';
import { useHost } from '../store';
import { useRequest } from '../store/useRequest';
import { Button, Dialog, Failures, IconButton, TextInput } from '../ui';
import { joinPath } from './fileActions';
import styles from './FileBrowser.module.css';

type FileBrowserProps = {
  readonly isOpen: boolean;
  /** 'import' is for files of every kind that may be imported. */
  readonly mode: 'open' | 'import' | 'save' | 'folder';
  readonly title?: string;
  readonly suggestedName?: string;
  /** Of what is saved, where it is no network. */
  readonly extension?: string;
  readonly onClose: () => void;
  readonly onPick: (path: string) => void;
};

/** Folders and networks of the machine, for hosts that have no dialogs of their own. */
export function FileBrowser(props: FileBrowserProps) {
  const { t } = useText('dialogs');
  const { t: imports } = useText('imports');
  const titles = {
    open: t.openTitle,
    import: imports.importTitle,
    save: t.saveTitle,
    folder: t.folderTitle,
  } as const;
  return (
    <Dialog
      isOpen={props.isOpen}
      onClose={props.onClose}
      title={props.title ?? titles[props.mode]}
      {...(props.mode === 'import' ? { description: imports.importHint } : {})}
      width="md"
    >
      {props.isOpen ? <Browser {...props} /> : null}
    </Dialog>
  );
}

const networkName = /\.(convloom|json)$/i;

function withExtension(name: string, extension: string | undefined): string {
  if (extension !== undefined) return name.endsWith(extension) ? name : `${name}${extension}`;
  return networkName.test(name) ? name : `${name}.convloom`;
}

function Browser({ mode, suggestedName = '', extension, onClose, onPick }: FileBrowserProps) {
  const { t } = useText('dialogs');
  const { t: imports } = useText('imports');
  const start = useHost((state) => state.info?.projectsDir ?? '');
  const [dir, setDir] = useState(start);
  const [address, setAddress] = useState<string | null>(null);
  const [name, setName] = useState(suggestedName);
  const { value, diagnostics } = useRequest('files.list', mode === 'import' ? { dir, any: true } : { dir });
  const here = value?.dir ?? dir;
  const isOpening = mode === 'open' || mode === 'import';
  const go = (next: string): void => {
    setDir(next);
    setAddress(null);
  };
  /** A typed address may be that of a file. */
  const enter = (typed: string): void => {
    if (isOpening && (mode === 'import' ? /\.\w+$/ : networkName).test(typed)) onPick(typed);
    else go(typed);
  };
  const finish = (): void => {
    if (mode === 'folder') onPick(here);
    else if (mode === 'save' && name.trim() !== '') onPick(joinPath(here, withExtension(name.trim(), extension)));
  };
  const entries = (value?.entries ?? []).filter((entry) => mode !== 'folder' || entry.kind === 'folder');
  return (
    <form
      className={styles['browser']}
      onSubmit={(event) => {
        event.preventDefault();
        finish();
      }}
    >
      <div className={styles['address']}>
        <IconButton
          label={t.parentFolder}
          icon={<ArrowUp size={16} aria-hidden />}
          disabled={value?.parent == null}
          onClick={() => (value?.parent == null ? undefined : go(value.parent))}
        />
        <TextInput
          aria-label={t.address}
          value={address ?? here}
          onChange={(event) => setAddress(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            enter(address ?? here);
          }}
        />
      </div>
      <ul className={styles['entries']} aria-label={t.entries}>
        {entries.map((entry) => (
          <li key={entry.path}>
            <button
              type="button"
              onClick={() => {
                if (entry.kind === 'folder') go(entry.path);
                else if (isOpening) onPick(entry.path);
                else setName(entry.name);
              }}
            >
              {entry.kind === 'folder' ? <Folder size={15} aria-hidden /> : <FileText size={15} aria-hidden />}
              {entry.name}
            </button>
          </li>
        ))}
        {value !== null && entries.length === 0 ? (
          <li className={styles['none']}>{mode === 'import' ? imports.nothingToImport : t.nothingHere}</li>
        ) : null}
      </ul>
      <Failures diagnostics={diagnostics} />
      <div className={styles['foot']}>
        {mode === 'save' ? (
          <TextInput
            aria-label={t.fileName}
            value={name}
            placeholder={t.fileName}
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
        ) : (
          <span />
        )}
        <Button onClick={onClose}>{t.cancel}</Button>
        {isOpening ? null : (
          <Button type="submit" variant="primary" disabled={mode === 'save' && name.trim() === ''}>
            {mode === 'save' ? t.save : t.chooseFolder}
          </Button>
        )}
      </div>
    </form>
  );
}
