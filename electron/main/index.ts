import { join } from 'node:path';
import { BrowserWindow, Menu, app } from 'electron';
import type { AppMenu, HostEvents } from '../../shared/host/api';
import type { HostConnection } from '../../shared/host/rpc';
import { createHost, defaultDataDir, findAppRoot, watchOwnCrash } from '../host';
import { defaultProjectsDir } from '../files/paths';
import { appUrl, registerAppScheme, serveApp } from './appProtocol';
import { createConnections } from './connections';
import { createDialogs } from './dialogs';
import { menuTemplate } from './menu';
import { linkedFile, linkScheme, networkFilesIn } from './openedFiles';
import { utilityTrainer } from './utilityTrainer';
import { createAppWindow } from './window';
import { createWindowStateStore } from './windowState';

const appRoot = findAppRoot(import.meta.dirname);
/** Paths to open once the page is there to open them. */
let waitingPaths: string[] = [];
let window: BrowserWindow | null = null;
let connection: (() => HostConnection) | null = null;
let isPageReady = false;
/** Notes the death of the page's process. */
let pageDied: (reason: string) => void = () => undefined;

function sendCommand(payload: HostEvents['app.command']): void {
  connection?.().emit('app.command', payload);
}

function openPaths(paths: readonly string[]): void {
  if (!isPageReady) {
    waitingPaths.push(...paths);
    return;
  }
  for (const path of paths) sendCommand({ command: 'openPath', path });
}

const isMac = process.platform === 'darwin';

/** The page says what is in the menu, in its language and with the keys that it acts on. */
function showMenu(menu: AppMenu | null): void {
  const template = menuTemplate(menu, isMac, (command) => sendCommand({ command }));
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

function showWindow(): void {
  if (window === null) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

async function openWindow(
  connections: ReturnType<typeof createConnections>,
  states: ReturnType<typeof createWindowStateStore>,
): Promise<void> {
  const opened = createAppWindow(join(appRoot, 'out', 'preload', 'index.cjs'), await states.read());
  window = opened;
  states.follow(opened);
  connection = connections.serve(opened.webContents);
  opened.webContents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) isPageReady = false;
  });
  opened.webContents.on('did-finish-load', () => {
    isPageReady = true;
    const paths = waitingPaths;
    waitingPaths = [];
    openPaths(paths);
  });
  opened.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason !== 'clean-exit') pageDied(reason);
  });
  opened.on('closed', () => {
    window = null;
    connection = null;
    isPageReady = false;
  });
  await opened.loadURL(appUrl);
}

async function start(): Promise<void> {
  await app.whenReady();
  serveApp(join(appRoot, 'out', 'renderer'));
  const dataDir = defaultDataDir();
  const projectsDir = defaultProjectsDir();
  const host = createHost({
    form: 'electron',
    appRoot,
    dataDir,
    projectsDir,
    forkTrainer: utilityTrainer(join(appRoot, 'out', 'main', 'trainer.js')),
    dialogs: createDialogs(() => window, projectsDir),
    systemLanguage: app.getLocale(),
    setMenu: showMenu,
  });
  const unwatch = watchOwnCrash(host.log);
  pageDied = (reason) => host.log.crash('page', reason, '');
  showMenu(null);

  const connections = createConnections(host);
  const states = createWindowStateStore(dataDir);
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) void openWindow(connections, states);
  });
  app.on('window-all-closed', () => {
    if (!isMac) app.quit();
  });
  let isDisposed = false;
  app.on('before-quit', (event) => {
    if (isDisposed) return;
    // Runs are stopped and their weights kept before the app goes.
    event.preventDefault();
    void Promise.allSettled([host.dispose(), states.settled()]).then(() => {
      isDisposed = true;
      unwatch();
      app.quit();
    });
  });
  await openWindow(connections, states);
}

registerAppScheme();
// Before ready on macOS: a double click on a file starts the app with this.
app.on('open-file', (event, path) => {
  event.preventDefault();
  openPaths([path]);
});

// The same for a link; elsewhere it is a word of the command line.
app.on('open-url', (event, link) => {
  event.preventDefault();
  const path = linkedFile(link);
  if (path !== null) openPaths([path]);
});

if (app.requestSingleInstanceLock()) {
  // An app that runs from its sources is nobody's to be found by.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  openPaths(networkFilesIn(process.argv.slice(app.isPackaged ? 0 : 1), process.cwd()));
  app.on('second-instance', (_event, argv, workingDir) => {
    showWindow();
    openPaths(networkFilesIn(argv, workingDir));
  });
  void start();
} else {
  app.quit();
}
