import { setPrompt, fileName } from '../dialogs/fileActions';
import { fill, messages } from '../i18n';
import { currentHost, useUi } from '../store';
import { askPatiently } from '../ui/askPatiently';
import { notify } from '../ui/notify';

/** Copies a model into a file of the user's, as it was imported. */
export async function saveModel(from: string, path: string, overwrite: boolean): Promise<void> {
  const t = messages('imports', useUi.getState().language);
  const model = { type: 'path', path: from } as const;
  const answer = await askPatiently(t.saveModelTitle, 'model.save', { model, path, overwrite });
  if (answer === null) return;
  if (answer.ok) notify(fill(t.modelSaved, { path: fileName(path) }), 'success');
  else setPrompt({ kind: 'failed', title: t.modelNotSaved, diagnostics: answer.diagnostics });
}

/** As {@link saveModel}, where the system asks for the file. */
export async function pickAndSaveModel(from: string, suggestedName: string): Promise<void> {
  const picked = await currentHost()?.request('files.pickSave', { suggestedName });
  // The system's own dialog has asked about overwriting already.
  if (picked?.ok === true && picked.value !== null) await saveModel(from, picked.value.path, true);
}
