import { join } from 'node:path';
import { z } from 'zod';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type { Settings } from '../../shared/host/api';
import { settingsFields } from '../../shared/host/schemas';
import { limits } from '../../shared/schema/limits';
import { fileDiagnostic } from '../files/fileErrors';
import { createJsonStore } from '../files/jsonStore';

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  engine: 'auto',
  autosave: false,
  layout: {},
};

/** Unknown fields are dropped and a field that does not fit takes its default: settings of other versions stay usable. */
const settingsSchema: z.ZodType<Settings> = z.object({
  language: settingsFields.language.catch(defaultSettings.language),
  theme: settingsFields.theme.catch(defaultSettings.theme),
  engine: settingsFields.engine.catch(defaultSettings.engine),
  autosave: settingsFields.autosave.catch(defaultSettings.autosave),
  layout: settingsFields.layout.catch(defaultSettings.layout),
});

/** As many entries as a page may have; the oldest ones go, which are of panels that nobody has any more. */
function newest(layout: Settings['layout']): Settings['layout'] {
  return Object.fromEntries(Object.entries(layout).slice(-limits.layoutEntries));
}

export type SettingsStore = {
  get(): Promise<Settings>;
  set(change: Partial<Settings>): Promise<Result<Settings>>;
};

/** The user's settings in `settings.json` of the data folder. */
export function createSettingsStore(
  dataDir: string,
  report: (diagnostic: Diagnostic) => void,
  now: () => Date,
): SettingsStore {
  const path = join(dataDir, 'settings.json');
  const store = createJsonStore(path, settingsSchema, defaultSettings, report, now);
  return {
    get: () => store.read(),
    set: async (change) => {
      try {
        const value = await store.update((settings) => ({
          ...settings,
          ...change,
          layout: newest({ ...settings.layout, ...change.layout }),
        }));
        return success(value);
      } catch (error) {
        return failure(fileDiagnostic(error, path, 'save'));
      }
    },
  };
}
