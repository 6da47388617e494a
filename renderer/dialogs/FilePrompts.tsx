import { useText, fill } from '../i18n';
import type { Session } from '../session';
import { useWorkspace } from '../session';
import { Button, Dialog } from '../ui';
import { importPath } from '../imports/importFiles';
import { FarFolderPrompt } from './FarFolderPrompt';
import { FileBrowser } from './FileBrowser';
import { forgetRecent } from './recents';
import {
  fileName,
  followFolder,
  openPath,
  reloadFile,
  saveNetwork,
  setPrompt,
  suggestedName,
  useFilePrompt,
  writeFile,
  type FilePrompt,
} from './fileActions';
import styles from './FilePrompts.module.css';

function close(): void {
  setPrompt({ kind: 'none' });
}

function nameOf(session: Session): string {
  return session.project.getState().document.name;
}

/** Every question about files: where from, where to, what becomes of unsaved work, who wins when two apps changed one file. */
export function FilePrompts() {
  const prompt = useFilePrompt((state) => state.prompt);
  const workspace = useWorkspace();
  return (
    <>
      <FileBrowser
        isOpen={prompt.kind === 'open'}
        mode="open"
        onClose={close}
        onPick={(path) => void openPath(workspace, path)}
      />
      <FileBrowser
        isOpen={prompt.kind === 'import'}
        mode="import"
        onClose={close}
        onPick={(path) => void importPath(workspace, path)}
      />
      <FileBrowser
        isOpen={prompt.kind === 'follow'}
        mode="folder"
        onClose={close}
        onPick={(path) => void followFolder(workspace, path)}
      />
      <FileBrowser
        isOpen={prompt.kind === 'save'}
        mode="save"
        suggestedName={prompt.kind === 'save' ? prompt.suggestedName : ''}
        onClose={close}
        onPick={(path) => {
          if (prompt.kind === 'save') void writeFile(prompt.session, path, null, false, prompt.next);
        }}
      />
      {prompt.kind === 'followFar' ? (
        <FarFolderPrompt onClose={close} onPick={(place) => void followFolder(workspace, place)} />
      ) : null}
      {prompt.kind === 'unsaved' ? <Unsaved prompt={prompt} /> : null}
      {prompt.kind === 'training' ? <Training prompt={prompt} /> : null}
      {prompt.kind === 'missing' ? <Missing prompt={prompt} /> : null}
      {prompt.kind === 'conflict' ? <Conflict prompt={prompt} /> : null}
      {prompt.kind === 'exists' ? <Exists prompt={prompt} /> : null}
      {prompt.kind === 'failed' ? <Failed prompt={prompt} /> : null}
    </>
  );
}

function Unsaved({ prompt }: { readonly prompt: Extract<FilePrompt, { kind: 'unsaved' }> }) {
  const { t } = useText('dialogs');
  const name = nameOf(prompt.session);
  const goOn = (): void => {
    close();
    prompt.next();
  };
  const saveFirst = (): void => {
    close();
    void saveNetwork(prompt.session, prompt.next);
  };
  return (
    <Dialog
      isOpen
      onClose={close}
      width="sm"
      title={t.unsavedTitle}
      description={fill(t.unsavedHint, { name: name === '' ? t.thisNetwork : name })}
      actions={
        <>
          <Button onClick={close}>{t.cancel}</Button>
          <Button variant="danger" onClick={goOn}>
            {t.discard}
          </Button>
          <Button variant="primary" onClick={saveFirst}>
            {t.save}
          </Button>
        </>
      }
    />
  );
}

function Training({ prompt }: { readonly prompt: Extract<FilePrompt, { kind: 'training' }> }) {
  const { t } = useText('dialogs');
  const { session, next } = prompt;
  const name = nameOf(session);
  const goOn = (): void => {
    close();
    next();
  };
  return (
    <Dialog
      isOpen
      onClose={close}
      width="sm"
      title={t.trainingTitle}
      description={fill(t.trainingHint, { name: name === '' ? t.thisNetwork : name })}
      actions={
        <>
          <Button onClick={close}>{t.cancel}</Button>
          <Button onClick={goOn}>{t.keepTraining}</Button>
          <Button variant="primary" onClick={() => void session.run.stop().then(goOn)}>
            {t.stopTraining}
          </Button>
        </>
      }
    />
  );
}

function Missing({ prompt: { path } }: { readonly prompt: Extract<FilePrompt, { kind: 'missing' }> }) {
  const { t } = useText('dialogs');
  return (
    <Dialog
      isOpen
      onClose={close}
      width="sm"
      title={fill(t.missingTitle, { file: fileName(path) })}
      description={fill(t.missingHint, { path })}
      actions={
        <>
          <Button onClick={close}>{t.cancel}</Button>
          <Button
            variant="primary"
            onClick={() => {
              close();
              void forgetRecent(path);
            }}
          >
            {t.forgetRecent}
          </Button>
        </>
      }
    />
  );
}

function Conflict({ prompt }: { readonly prompt: Extract<FilePrompt, { kind: 'conflict' }> }) {
  const { t } = useText('dialogs');
  const { session, path, next } = prompt;
  const workspace = useWorkspace();
  const name = nameOf(session);
  return (
    <Dialog
      isOpen
      onClose={close}
      width="sm"
      title={t.conflictTitle}
      description={fill(t.conflictHint, { file: fileName(path) })}
      actions={
        <>
          <Button onClick={() => void reloadFile(workspace, session, path)}>{t.reload}</Button>
          <Button
            onClick={() =>
              setPrompt({ kind: 'save', session, suggestedName: suggestedName(`${name} copy`), ...(next && { next }) })
            }
          >
            {t.saveCopy}
          </Button>
          <Button variant="primary" onClick={() => void writeFile(session, path, null, true, next)}>
            {t.keepMine}
          </Button>
        </>
      }
    />
  );
}

function Exists({ prompt }: { readonly prompt: Extract<FilePrompt, { kind: 'exists' }> }) {
  const { t } = useText('dialogs');
  const { session, path, next } = prompt;
  return (
    <Dialog
      isOpen
      onClose={close}
      width="sm"
      title={fill(t.existsTitle, { file: fileName(path) })}
      description={t.existsHint}
      actions={
        <>
          <Button onClick={close}>{t.cancel}</Button>
          <Button variant="danger" onClick={() => void writeFile(session, path, null, true, next)}>
            {t.replace}
          </Button>
        </>
      }
    />
  );
}

function Failed({ prompt }: { readonly prompt: Extract<FilePrompt, { kind: 'failed' }> }) {
  const { t, pick } = useText('dialogs');
  return (
    <Dialog
      isOpen
      onClose={close}
      width="sm"
      title={prompt.title}
      actions={
        <Button variant="primary" onClick={close}>
          {t.understood}
        </Button>
      }
    >
      <ul className={styles['reasons']}>
        {prompt.diagnostics.map((one, index) => (
          <li key={`${one.code} ${index}`}>
            <p>{pick(one.summary)}</p>
            {one.why === undefined ? null : <p className={styles['why']}>{pick(one.why)}</p>}
            {one.at.path === undefined ? null : <code>{one.at.path}</code>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
