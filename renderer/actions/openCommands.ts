import type { HostRequests } from '../../shared/host/api';
import type { Language } from '../../shared/text';
import { fileName, openPath, openTemplate } from '../dialogs/fileActions';
import { fill, messages } from '../i18n';
import type { Workspace } from '../session';
import type { Command } from './commands';

/** What the host has to open: templates, and the files that were open last. */
export type Openable = {
  readonly templates: HostRequests['templates.list'][1];
  readonly recent: HostRequests['project.recent'][1];
};

/** A command for each recent file and each template. */
export function openCommands(
  workspace: Workspace,
  language: Language,
  { templates, recent }: Openable,
): readonly Command[] {
  const t = messages('moving', language);
  return [
    ...recent.map(({ path, name }): Command => ({
      id: `file.${path}`,
      group: 'file',
      title: fill(t.openFile, { name: name === '' ? fileName(path) : name }),
      hint: fileName(path),
      run: () => void openPath(workspace, path),
    })),
    ...templates.map(({ id, name, summary }): Command => ({
      id: `template.${id}`,
      group: 'file',
      title: fill(t.openTemplate, { name }),
      hint: summary[language],
      keywords: ['template', '模板', id, fill(t.openFile, { name })],
      run: () => void openTemplate(workspace, id),
    })),
  ];
}
