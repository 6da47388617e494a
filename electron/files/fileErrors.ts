import {
  diskFull,
  fileBusy,
  fileExists,
  fileFailed,
  fileIsFolder,
  fileIsNotFolder,
  fileNotFound,
  fileNotRegular,
  filePermission,
  fileReadOnly,
  fileTooLarge,
} from '../../shared/diagnostics/catalog/file';
import type { FileAction } from '../../shared/diagnostics/catalog/file';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { errorText } from '../../shared/text';
import { whatIsMissing } from './missing';
import { FileRefusal } from './regularFile';

/** The operating system's code of an error, such as `ENOSPC`; empty for anything else. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What is made need not be there, but its folder: that is named. */
function notFound(path: string, action: FileAction): Diagnostic {
  const missing = whatIsMissing(path);
  if (missing === null || (action !== 'save' && missing.link === null)) return fileNotFound(path);
  return fileNotFound(missing.path, missing.link);
}

/** A file system error in the user's words. */
export function fileDiagnostic(error: unknown, path: string, action: FileAction): Diagnostic {
  switch (errorCode(error)) {
    case 'ENOENT':
      return notFound(path, action);
    case 'EACCES':
    case 'EPERM':
      return filePermission(path, action);
    case 'EROFS':
      return fileReadOnly(path);
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(path);
    case 'EISDIR':
      return fileIsFolder(path);
    case 'ENOTDIR':
      return whatIsMissing(path)?.link ? notFound(path, action) : fileIsNotFolder(path);
    case 'EEXIST':
      return fileExists(path);
    case 'ELOCKED':
      return fileBusy(path);
    case 'ENOTREGULAR':
      return fileNotRegular(path);
    default:
      if (error instanceof FileRefusal) return fileTooLarge(path, error.sizeBytes, error.limitBytes);
      return fileFailed(path, action, errorText(error));
  }
}
