import { Suspense, useEffect } from 'react';
import { Toaster } from 'sonner';
import { bindKeys } from '../canvas/keys';
import { FileDialogs } from '../dialogs/FileDialogs';
import { TemplateDialog } from '../dialogs/TemplateDialog';
import { useText } from '../i18n';
import { watchWires } from '../problems/watchWires';
import { isDirty, redo, undo, useHost, useProject, useUi } from '../store';
import { TooltipProvider } from '../ui/Tooltip';
import styles from './App.module.css';
import { CommandPalette } from './CommandPalette';
import { ConnectionBanner } from './ConnectionBanner';
import { DraftsDialog } from './DraftsDialog';
import { TopBar } from './TopBar';
import { Workspace } from './Workspace';
import { guardDrafts } from './drafts';

/** The window's title: the network, with the mark that systems use for unsaved work. */
function useWindowTitle(): void {
  const { t } = useText('app');
  const name = useProject((state) => state.document.name);
  const dirty = useProject(isDirty);
  useEffect(() => {
    document.title = `${dirty ? '• ' : ''}${name === '' ? t.untitled : name} – ${t.appName}`;
  }, [name, dirty, t]);
}

/** Undo and redo from the application menu. */
function useMenuCommands(): void {
  const host = useHost((state) => state.host);
  useEffect(
    () =>
      host?.on('app.command', ({ command }) => {
        if (command === 'undo') undo();
        if (command === 'redo') redo();
      }),
    [host],
  );
}

/** The whole window. */
export function App() {
  const theme = useUi((state) => state.theme);
  const isAlone = useUi((state) => state.isCanvasAlone);
  useWindowTitle();
  useMenuCommands();
  useEffect(bindKeys, []);
  useEffect(guardDrafts, []);
  useEffect(watchWires, []);
  return (
    <TooltipProvider>
      <div className={styles['app']}>
        {isAlone ? null : <TopBar />}
        <ConnectionBanner />
        <Workspace />
      </div>
      <CommandPalette />
      <DraftsDialog />
      <FileDialogs />
      <Suspense>
        <TemplateDialog />
      </Suspense>
      <Toaster
        theme={theme}
        position="bottom-center"
        offset={20}
        gap={8}
        toastOptions={{ className: styles['toast'] ?? '' }}
      />
    </TooltipProvider>
  );
}
