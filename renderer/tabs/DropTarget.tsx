import { FileDown } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useText } from '../i18n';
import { useWorkspace } from '../session';
import styles from './DropTarget.module.css';
import { openFiles } from './openFiles';

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
      void openFiles(workspace, files);
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
