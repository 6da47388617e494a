import { formatBytes, text } from '../../text';
import type { Text } from '../../text';
import type { storeLimits } from '../../schema/limits';
import type { Diagnostic } from '../diagnostic';

/** What was being done to a file when it failed. */
export type FileAction = 'open' | 'save' | 'list' | 'delete';

const actions: Readonly<Record<FileAction, Text>> = {
  open: text('opened', '打开'),
  save: text('saved', '保存'),
  list: text('listed', '列出'),
  delete: text('deleted', '删除'),
};

function fileError(code: string, path: string, summary: Text, why?: Text): Diagnostic {
  return { code, severity: 'error', at: { path }, summary, ...(why === undefined ? {} : { why }), fixes: [] };
}

function untouched(action: FileAction): Text {
  return action === 'save' ? text(' The file on disk is as it was.', '磁盘上的文件保持原样。') : text('', '');
}

/** A link on the way to something that is not there, and where it leads. */
export type LinkToNothing = { readonly path: string; readonly target: string };

/** That a path does not exist, or that a link leads nowhere. */
export function notThere(path: string, link: LinkToNothing | null): Text {
  if (link === null) return text(`${path} does not exist.`, `${path} 不存在。`);
  return text(
    `${link.path} is a link to ${link.target}, which does not exist.`,
    `${link.path} 是指向 ${link.target} 的链接，而后者不存在。`,
  );
}

/** There is no such file or folder. */
export function fileNotFound(path: string, link: LinkToNothing | null = null): Diagnostic {
  return fileError('file/not-found', link?.path ?? path, notThere(path, link));
}

/** The operating system does not let this user at the file. */
export function filePermission(path: string, action: FileAction): Diagnostic {
  return fileError(
    'file/permission',
    path,
    text(
      `${path} cannot be ${actions[action].en}: permission denied.`,
      `无法${actions[action].zh} ${path}：没有权限。`,
    ),
    text(
      `Choose another folder, or change its permissions.${untouched(action).en}`,
      `请选择其他文件夹或修改权限。${untouched(action).zh}`,
    ),
  );
}

/** The file system is mounted read-only. */
export function fileReadOnly(path: string): Diagnostic {
  return fileError(
    'file/read-only',
    path,
    text(`${path} cannot be saved: the disk is read-only.`, `无法保存 ${path}：磁盘为只读。`),
    text(`Save it somewhere else.${untouched('save').en}`, `请保存到其他位置。${untouched('save').zh}`),
  );
}

/** No space left, or the user's quota is used up. */
export function diskFull(path: string): Diagnostic {
  return fileError(
    'file/disk-full',
    path,
    text(`${path} cannot be saved: the disk is full.`, `无法保存 ${path}：磁盘已满。`),
    text(
      `Free some space and try again, or save it somewhere else.${untouched('save').en}`,
      `请清理空间后重试，或保存到其他位置。${untouched('save').zh}`,
    ),
  );
}

/** A folder where a file was expected. */
export function fileIsFolder(path: string): Diagnostic {
  return fileError('file/is-folder', path, text(`${path} is a folder, not a file.`, `${path} 是文件夹，不是文件。`));
}

/** A file where a folder was expected. */
export function fileIsNotFolder(path: string): Diagnostic {
  return fileError('file/is-not-folder', path, text(`${path} is not a folder.`, `${path} 不是文件夹。`));
}

/** A pipe, a device or a socket where a file was expected. */
export function fileNotRegular(path: string): Diagnostic {
  return fileError(
    'file/not-regular',
    path,
    text(`${path} is not a regular file.`, `${path} 不是普通文件。`),
    text('It is a pipe, a device or a socket; only files are opened.', '它是管道、设备或套接字；只能打开普通文件。'),
  );
}

/** A file that is far larger than any network. Sizes in bytes. */
export function fileTooLarge(path: string, sizeBytes: number, limitBytes: number): Diagnostic {
  const size = formatBytes(sizeBytes);
  const limit = formatBytes(limitBytes);
  return fileError(
    'file/too-large',
    path,
    text(`${path} has ${size}, which is too large for a network file.`, `${path} 有 ${size}，作为网络文件过大。`),
    text(`A network file has at most ${limit}.`, `网络文件最大 ${limit}。`),
  );
}

/** The file was changed since it was opened. `project.save` with `overwrite` is the other choice. */
export function fileChangedOnDisk(path: string): Diagnostic {
  return fileError(
    'file/changed-on-disk',
    path,
    text(`${path} was changed by another program since it was opened.`, `${path} 在打开之后被其他程序修改过。`),
    text(
      'Save under another name to keep both, open the file again to see the other version, or overwrite it. Nothing was written.',
      '可以另存为以保留两份，重新打开以查看另一版本，或覆盖它。尚未写入任何内容。',
    ),
  );
}

/** Another process holds the file's lock and does not let go. */
export function fileBusy(path: string): Diagnostic {
  return fileError(
    'file/busy',
    path,
    text(`${path} is being written by another Convloom.`, `${path} 正由另一个 Convloom 写入。`),
    text(`Try again in a moment.${untouched('save').en}`, `请稍后重试。${untouched('save').zh}`),
  );
}

/** A new file would replace one that is already there. */
export function fileExists(path: string): Diagnostic {
  return fileError(
    'file/exists',
    path,
    text(`${path} already exists.`, `${path} 已存在。`),
    text('Choose another name, or overwrite it. Nothing was written.', '请选择其他名称或覆盖它。尚未写入任何内容。'),
  );
}

/** A page wants to replace a file that is no network and no model. */
export function fileNotOurs(path: string): Diagnostic {
  return fileError(
    'file/not-ours',
    path,
    text(
      `${path} is neither a network nor a model, and is not overwritten.`,
      `${path} 既不是网络也不是模型，不会被覆盖。`,
    ),
    text(
      'Choose another name, or move that file away first. Nothing was written.',
      '请选择其他名称，或先移走该文件。尚未写入任何内容。',
    ),
  );
}

/** A page wants to write where programs or the system keep their own files. */
export function placeProtected(path: string): Diagnostic {
  return fileError(
    'file/protected-place',
    path,
    text(
      `${path} is in a hidden folder or one of the system, or is itself hidden.`,
      `${path} 位于隐藏文件夹或系统文件夹中，或者它本身是隐藏文件。`,
    ),
    text(
      'Choose a folder of your own for it, or use the command line. Nothing was written.',
      '请选择您自己的文件夹，或使用命令行。尚未写入任何内容。',
    ),
  );
}

/** A folder that must be empty is not. */
export function folderNotEmpty(path: string): Diagnostic {
  return fileError(
    'file/folder-not-empty',
    path,
    text(`${path} is not empty.`, `${path} 不是空文件夹。`),
    text('Choose a new or an empty folder, so that nothing is overwritten.', '请选择新的或空的文件夹，以免覆盖内容。'),
  );
}

/** A path that is not absolute or not a path at all. */
export function invalidPath(path: string): Diagnostic {
  return fileError(
    'file/invalid-path',
    path,
    text(`${JSON.stringify(path)} is not an absolute path.`, `${JSON.stringify(path)} 不是绝对路径。`),
  );
}

/** Bytes that are not UTF-8 text. */
export function fileNotText(path: string): Diagnostic {
  return fileError(
    'file/not-text',
    path,
    text(`${path} is not a text file.`, `${path} 不是文本文件。`),
    text('A network file is JSON in UTF-8.', '网络文件是 UTF-8 编码的 JSON。'),
  );
}

/** Any other failure of the file system, in its own words. */
export function fileFailed(path: string, action: FileAction, reason: string): Diagnostic {
  return fileError(
    'file/failed',
    path,
    text(`${path} cannot be ${actions[action].en}.`, `无法${actions[action].zh} ${path}。`),
    text(`${reason}${untouched(action).en}`, `${reason}${untouched(action).zh}`),
  );
}

/** A file of the app's own that could not be read; it was renamed so that nothing in it is lost. */
export function fileSetAside(path: string, asidePath: string, reason: string): Diagnostic {
  return {
    ...fileError(
      'file/set-aside',
      path,
      text(`${path} could not be read and was set aside as ${asidePath}.`, `${path} 无法读取，已另存为 ${asidePath}。`),
      text(reason, reason),
    ),
    severity: 'warning',
  };
}

/** A store of the app that takes a bounded number of entries and bytes. */
export type StoreName = keyof typeof storeLimits;

const stores: { readonly [S in StoreName]: { readonly what: Text; readonly mend: Text } } = {
  drafts: {
    what: text('unsaved networks', '个未保存的网络'),
    mend: text(
      'Save this network to a file. Drafts of windows that are gone are offered to be discarded when the app starts.',
      '请将此网络保存为文件。已关闭窗口的草稿会在程序启动时列出，可在那里丢弃。',
    ),
  },
  blocks: {
    what: text('kept blocks', '个块'),
    mend: text('Remove blocks that you do not need from your library.', '请从块库中移除不需要的块。'),
  },
  imports: {
    what: text('imported models', '个导入的模型'),
    mend: text(
      'Close the tabs of imported models, or delete what is in that folder.',
      '请关闭已导入模型的标签页，或删除该文件夹中的内容。',
    ),
  },
  upload: {
    what: text('files of one model', '个属于同一模型的文件'),
    mend: text(
      'Import it from its folder on the machine that Convloom runs on: convloom import MODEL -o OUT.',
      '请在运行 Convloom 的机器上从其所在文件夹导入：convloom import MODEL -o OUT。',
    ),
  },
  uploads: {
    what: text('models on their way in', '个正在接收的模型'),
    mend: text(
      'Wait until they have been read; one that gets no more parts is given up after ten minutes.',
      '请等待它们读取完毕；十分钟内没有新内容的会被放弃。',
    ),
  },
};

/** A store of the app that has as many entries, or bytes, as it takes. `path` is where it lies. */
export function storeFull(
  store: StoreName,
  path: string,
  found: { readonly entries: number; readonly bytes: number },
  most: { readonly entries: number; readonly bytes: number },
): Diagnostic {
  const { what, mend } = stores[store];
  const [has, takes] = [formatBytes(found.bytes), formatBytes(most.bytes)];
  return fileError(
    'file/store-full',
    path,
    text(
      `${path} takes no more: it has ${found.entries} ${what.en} of ${has}, and the limits are ${most.entries} and ${takes}.`,
      `${path} 不再接收：其中有 ${found.entries} ${what.zh}，共 ${has}；上限为 ${most.entries} 个和 ${takes}。`,
    ),
    mend,
  );
}

/** A draft that another window or app works on; it is theirs until they close it. */
export function draftInUse(name: string): Diagnostic {
  return {
    code: 'file/draft-in-use',
    severity: 'error',
    summary: text(
      `Another window has the unsaved network "${name}" open.`,
      `另一个窗口正打开着未保存的网络“${name}”。`,
    ),
    why: text('Its draft stays with that window.', '它的草稿由那个窗口保管。'),
    at: {},
    fixes: [],
  };
}
