import { ExportDialog } from '../exports/ExportDialog';
import { FilePrompts } from './FilePrompts';

/** Everything about files and export that can open over the window. */
export function FileDialogs() {
  return (
    <>
      <FilePrompts />
      <ExportDialog />
    </>
  );
}
