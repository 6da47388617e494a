import { ExportDialog } from '../code/ExportDialog';
import { LessonDialog } from '../learn/LessonDialog';
import { FilePrompts } from './FilePrompts';

/** Everything about files, export and lessons that can open over the window. */
export function FileDialogs() {
  return (
    <>
      <FilePrompts />
      <ExportDialog />
      <LessonDialog />
    </>
  );
}
