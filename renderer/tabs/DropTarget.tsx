import { FileDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { openPath, setPrompt } from '../dialogs/fileActions';
import { fill, messages, useText } from '../i18n';
import type { Workspace } from '../session';
import { useWorkspace } from '../session';
import { useUi } from '../store';
import { notify } from '../ui/notify';
import styles from './DropTarget.module.css';
import { readDropped } from './droppedFile';

function words() {
  return messages('dialogs', useUi.getState().language);
}

/** Opens one dropped file. Gives what is wrong with it. */
async function openDropped(workspace: Workspace, file: File): Promise<readonly Diagnostic[]> {
  const read = await readDropped(file);
  if (!read.ok) return read.diagnostics;
  const { format, document } = read.value;
  const path = window.convloom?.pathOf(file) ?? '';
  // With its path it is the file itself that is open; without, a copy of it that is on no disk.
  if (format === 'document' && path !== '') await openPath(workspace, path);
  else workspace.open({ document, isUnsaved: true });
  if (format !== 'document' && format !== 'kerasJson') notify(fill(words().weightsStay, { name: file.name }));
  return [];
}

/** Opens what was dropped, each file in a tab of its own; what is wrong is said at the end, once. */
async function openAll(workspace: Workspace, files: readonly File[]): Promise<void> {
  const diagnostics: Diagnostic[] = [];
  for (const file of files) diagnostics.push(...(await openDropped(workspace, file)));
  if (diagnostics.length > 0) setPrompt({ kind: 'failed', title: words().cannotOpen, diagnostics });
}

/** Takes files that are dropped anywhere on the window. A place that takes files of its own, such as pictures, comes first. */
export function DropTarget() {
  const { t } = useText('dialogs');
  const workspace = useWorkspace();
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      const isOurs = !event.defaultPrevented && event.dataTransfer?.types.includes('Files') === true;
      setOver(isOurs);
      if (!isOurs) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (event.defaultPrevented || files.length === 0) return;
      event.preventDefault();
      void openAll(workspace, files);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, [workspace]);
  if (!isOver) return null;
  return (
    <div className={styles['target']} role="status">
      <div className={styles['sign']}>
        <FileDown size={22} aria-hidden />
        <strong>{t.dropHere}</strong>
        <span>{t.dropHint}</span>
      </div>
    </div>
  );
}
