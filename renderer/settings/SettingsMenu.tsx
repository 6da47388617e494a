import { Settings } from 'lucide-react';
import { useText } from '../i18n';
import { chooseAutosave, chooseLanguage, chooseTheme, openDialog, useUi } from '../store';
import { IconButton, Menu } from '../ui';

/** Language and theme: the system's, or a choice that is kept; and whether files are saved by themselves. */
export function SettingsMenu() {
  const { t } = useText('settings');
  const language = useUi((state) => state.languageChoice);
  const theme = useUi((state) => state.themeChoice);
  const isAutosaving = useUi((state) => state.isAutosaving);
  return (
    <Menu
      align="end"
      trigger={<IconButton label={t.settings} icon={<Settings size={16} aria-hidden />} />}
      groups={[
        {
          title: t.language,
          actions: [
            // Each language is named in itself, so that it can be found by who reads it.
            {
              id: 'language-system',
              label: t.system,
              isChecked: language === 'system',
              onSelect: () => chooseLanguage('system'),
            },
            { id: 'language-en', label: 'English', isChecked: language === 'en', onSelect: () => chooseLanguage('en') },
            { id: 'language-zh', label: '中文', isChecked: language === 'zh', onSelect: () => chooseLanguage('zh') },
          ],
        },
        {
          title: t.theme,
          actions: (['system', 'light', 'dark'] as const).map((choice) => ({
            id: `theme-${choice}`,
            label: t[choice],
            isChecked: theme === choice,
            onSelect: () => chooseTheme(choice),
          })),
        },
        {
          title: t.files,
          actions: [
            {
              id: 'autosave',
              label: t.autosave,
              isChecked: isAutosaving,
              onSelect: () => chooseAutosave(!isAutosaving),
            },
          ],
        },
        {
          actions: [{ id: 'all-settings', label: t.allSettings, onSelect: () => openDialog('settings') }],
        },
      ]}
    />
  );
}
