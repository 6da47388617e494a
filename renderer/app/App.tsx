import { lazy, Suspense, useEffect } from 'react';
import { Toaster } from 'sonner';
import { actionState, findAction } from '../actions';
import { bindKeys } from '../actions/bindKeys';
import { appMenu } from '../actions/menus';
import { focusCanvas } from '../canvas/view';
import { autosave } from '../dialogs/autosave';
import { openPath } from '../dialogs/fileActions';
import { FileDialogs } from '../dialogs/FileDialogs';
import { FigureExportDialog } from '../volumes/FigureExportDialog';
import { TemplateDialog } from '../dialogs/TemplateDialog';
import { useText } from '../i18n';
import { useExhibit } from '../learn/exhibits/exhibitStore';
import { watchTrials } from '../learn/trials';
import type { Workspace as OpenNetworks } from '../session';
import {
  focusOf,
  isDirty,
  SessionProvider,
  useProject,
  useSession,
  useWorkspace,
  useWorkspaceState,
  WorkspaceProvider,
} from '../session';
import { useHost, useUi } from '../store';
import { DropTarget } from '../tabs/DropTarget';
import { openLaunchedFiles } from '../tabs/openFiles';
import { notifyDiagnostics } from '../ui/notify';
import { PopupLayer } from '../ui/PopupLayer';
import { TooltipLayer, TooltipProvider } from '../ui/Tooltip';
import styles from './App.module.css';
import { CommandPalette } from './CommandPalette';
import { ConnectionBanner } from './ConnectionBanner';
import { DraftsDialog } from './DraftsDialog';
import { guardDrafts } from './guardDrafts';
import { HistoryDialog } from './HistoryDialog';
import { SettingsDialog } from '../settings/SettingsDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import { TopBar } from './TopBar';
import { watchFaults } from './watchFaults';
import { Workspace } from './Workspace';

/** Fetched when the first exhibit is opened. */
const ExhibitDialog = lazy(async () => ({ default: (await import('../learn/exhibits/ExhibitDialog')).ExhibitDialog }));

/** The window's title: the network, with the mark that systems use for unsaved work. */
function useWindowTitle(): string {
  const { t } = useText('app');
  const name = useProject((state) => state.document.name);
  const dirty = useProject(isDirty);
  const title = `${name === '' ? t.untitled : name} – ${t.appName}`;
  useEffect(() => {
    document.title = `${dirty ? '• ' : ''}${title}`;
  }, [title, dirty]);
  return title;
}

/** Tells the host what its native menu shows, does what is chosen there, and passes on what the host has to say. */
function useHostCommands(): void {
  const host = useHost((state) => state.host);
  const workspace = useWorkspace();
  const { language } = useText('app');
  useEffect(() => void host?.request('menu.set', appMenu(language)), [host, language]);
  useEffect(
    () =>
      host?.on('app.command', ({ command, path }) => {
        const session = workspace.active();
        const action = findAction(command);
        if (command === 'openPath' && path !== undefined) void openPath(workspace, path);
        else if (action?.applies(actionState(session)) === true) action.perform({ workspace, session });
      }),
    [host, workspace],
  );
  useEffect(() => host?.on('host.notice', ({ diagnostic }) => notifyDiagnostics([diagnostic])), [host]);
}

/** The first stop of Tab: past the tools and the palette, to the network. */
function SkipLink() {
  const { t } = useText('app');
  const session = useSession();
  return (
    <a
      href="#canvas"
      className={styles['skip']}
      onClick={(event) => {
        event.preventDefault();
        focusCanvas(focusOf(session));
      }}
    >
      {t.skipToCanvas}
    </a>
  );
}

function Window() {
  const theme = useUi((state) => state.theme);
  const isAlone = useUi((state) => state.isCanvasAlone);
  const session = useSession();
  const hasExhibit = useExhibit((state) => state.open !== null);
  const title = useWindowTitle();
  useHostCommands();
  useEffect(() => watchTrials(session), [session]);
  return (
    <TooltipProvider>
      <PopupLayer>
        {(layer) => (
          <TooltipLayer>
            <div className={styles['app']}>
              <SkipLink />
              {isAlone ? null : <TopBar />}
              <ConnectionBanner />
              <main className={styles['main']}>
                <h1 className="visually-hidden">{title}</h1>
                <Workspace />
                {layer}
              </main>
            </div>
          </TooltipLayer>
        )}
      </PopupLayer>
      <DropTarget />
      <CommandPalette />
      <ShortcutsDialog />
      <SettingsDialog />
      <HistoryDialog />
      <DraftsDialog />
      <FileDialogs />
      <FigureExportDialog />
      <Suspense>{hasExhibit ? <ExhibitDialog /> : null}</Suspense>
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

/** The window on the active network. */
function ActiveSession() {
  const active = useWorkspaceState((state) => state.active);
  return (
    <SessionProvider session={active}>
      <Window />
    </SessionProvider>
  );
}

/** The whole window. */
export function App({ workspace }: { readonly workspace: OpenNetworks }) {
  useEffect(() => bindKeys(workspace), [workspace]);
  useEffect(() => guardDrafts(workspace), [workspace]);
  useEffect(() => autosave(workspace), [workspace]);
  useEffect(watchFaults, []);
  useEffect(() => openLaunchedFiles(workspace), [workspace]);
  return (
    <WorkspaceProvider workspace={workspace}>
      <ActiveSession />
    </WorkspaceProvider>
  );
}
