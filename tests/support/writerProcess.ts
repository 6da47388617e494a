import { createSettingsStore } from '../../electron/host/settings';
import { openProject, saveProject } from '../../electron/host/projects';
import { emptyDocument } from '../../shared/schema/document';

/** What one of several processes on the same folder is told to do, and answers. */
export type WriterCommand =
  | { readonly type: 'settings'; readonly dataDir: string; readonly keys: readonly string[] }
  | { readonly type: 'save'; readonly path: string; readonly name: string; readonly baseRevision: string | null }
  | { readonly type: 'revision'; readonly path: string };
/** Null when it worked. */
export type WriterAnswer = { readonly code: string | null; readonly revision: string | null };

async function obey(command: WriterCommand): Promise<WriterAnswer> {
  switch (command.type) {
    case 'settings': {
      const store = createSettingsStore(
        command.dataDir,
        () => undefined,
        () => new Date(0),
      );
      const results = await Promise.all(command.keys.map((key) => store.set({ layout: { [key]: 'x' } })));
      const refused = results.find((result) => !result.ok);
      return { code: refused === undefined ? null : (refused.diagnostics[0]?.code ?? 'unknown'), revision: null };
    }
    case 'save': {
      const { path, name, baseRevision } = command;
      const saved = await saveProject({ path, document: emptyDocument(name), baseRevision, overwrite: false });
      return saved.ok
        ? { code: null, revision: saved.value.revision }
        : { code: saved.diagnostics[0]?.code ?? 'unknown', revision: null };
    }
    case 'revision': {
      const opened = await openProject(command.path);
      return { code: null, revision: opened.ok ? opened.value.revision : null };
    }
  }
}

process.on('message', (command: WriterCommand) => {
  void obey(command).then((answer) => process.send?.(answer));
});
