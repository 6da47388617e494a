import { useEffect } from 'react';
import { useText } from '../i18n';
import { chooseAutosave, chooseLanguage, chooseTheme, openDialog, useHost, useUi } from '../store';
import { EngineLadder } from '../training/DeviceChip';
import { loadEngines, useEngines } from '../training/engineStore';
import { Dialog } from '../ui/Dialog';
import { Select } from '../ui/Select';
import { HealthSection, ReportSection } from './HealthSection';
import { Section } from './Section';
import styles from './SettingsDialog.module.css';
import { StorageSection } from './StorageSection';

function Appearance() {
  const { t } = useText('settings');
  const language = useUi((state) => state.languageChoice);
  const theme = useUi((state) => state.themeChoice);
  const isAutosaving = useUi((state) => state.isAutosaving);
  return (
    <Section title={t.appearance}>
      <div className={styles['row']}>
        <span>{t.language}</span>
        <Select
          label={t.language}
          value={language}
          items={[
            { value: 'system', label: t.system },
            { value: 'en', label: 'English' },
            { value: 'zh', label: '中文' },
          ]}
          onChange={chooseLanguage}
        />
      </div>
      <div className={styles['row']}>
        <span>{t.theme}</span>
        <Select
          label={t.theme}
          value={theme}
          items={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t[value] }))}
          onChange={chooseTheme}
        />
      </div>
      <label className={styles['row']}>
        <span>{t.autosave}</span>
        <input type="checkbox" checked={isAutosaving} onChange={() => chooseAutosave(!isAutosaving)} />
      </label>
    </Section>
  );
}

function Engines() {
  const { t } = useText('settings');
  const { reports, choice } = useEngines();
  const isReady = useHost((host) => host.status === 'ready');
  useEffect(() => {
    if (isReady) void loadEngines();
  }, [isReady]);
  return (
    <Section title={t.engines} hint={t.enginesHint}>
      {reports === null ? (
        <p className={styles['hint']}>{t.looking}</p>
      ) : (
        <EngineLadder reports={reports} choice={choice} />
      )}
    </Section>
  );
}

/** All that can be set, and how the machine stands. */
export function SettingsDialog() {
  const { t } = useText('settings');
  const isOpen = useUi((state) => state.dialog === 'settings');
  return (
    <Dialog
      isOpen={isOpen}
      onClose={() => openDialog(null)}
      title={t.settings}
      description={t.settingsHint}
      width="lg"
      isReading
    >
      {isOpen ? (
        <div className={styles['sections']}>
          <Appearance />
          <Engines />
          <StorageSection />
          <HealthSection />
          <ReportSection />
        </div>
      ) : null}
    </Dialog>
  );
}
