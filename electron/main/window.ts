import { BrowserWindow, dialog, shell } from 'electron';
import type { WebContents } from 'electron';
import { appOrigin, appUrl } from './appProtocol';
import type { WindowState } from './windowState';

/** Pages that the app's own texts link to; each opens in the user's browser. */
function isExternalPage(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:';
}

/** Whether the app's own page asks for pictures of a camera, and for no sound. */
function isOwnCamera(
  { requestingUrl, isMainFrame }: { readonly requestingUrl: string; readonly isMainFrame: boolean },
  media: readonly string[],
): boolean {
  const isOwn = isMainFrame && URL.canParse(requestingUrl) && requestingUrl.startsWith(`${appOrigin}/`);
  return isOwn && media.length > 0 && media.every((kind) => kind === 'video');
}

/** The page can go nowhere and open nothing; a https link goes to the user's browser. */
function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (new URL(event.url).origin !== new URL(appOrigin).origin || event.url !== appUrl) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (isExternalPage(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  contents.session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    // All that the page asks the system for: to copy code, and to see through the camera while somebody records or tries a network with it.
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    decide(permission === 'clipboard-sanitized-write' || (permission === 'media' && isOwnCamera(details, media)));
  });
  contents.session.setPermissionCheckHandler(
    (_contents, permission, origin, { mediaType, isMainFrame }) =>
      permission === 'clipboard-sanitized-write' ||
      (permission === 'media' && isOwnCamera({ requestingUrl: origin, isMainFrame }, [mediaType ?? ''])),
  );
}

/** How soon after a crash another one means that reloading does not help. */
const crashLoopMs = 10_000;

/** A page that dies is loaded again: its drafts are on disk and it offers them. */
function reloadAfterCrash(window: BrowserWindow, now: () => number): void {
  let lastMs = -Infinity;
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    if (now() - lastMs < crashLoopMs) return;
    lastMs = now();
    window.webContents.reload();
  });
}

/** A page that holds work which is on no disk asks before it goes; Electron shows no question of its own. */
function askBeforeLoss(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'warning',
      message: 'The last changes could not be kept.',
      detail: 'Closing now loses them.\n最近的更改未能保存，现在关闭会丢失。',
      buttons: ['Stay · 留下', 'Close · 关闭'],
      defaultId: 0,
      cancelId: 0,
    });
    // Preventing the prevention lets the page go.
    if (choice === 1) event.preventDefault();
  });
}

/** Opens the app's window: sandboxed, isolated, and without Node. */
export function createAppWindow(preload: string, state: WindowState): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    ...state.bounds,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Convloom',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      webSecurity: true,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  confine(window.webContents);
  reloadAfterCrash(window, () => performance.now());
  askBeforeLoss(window);
  window.once('ready-to-show', () => {
    if (state.isMaximized) window.maximize();
    window.show();
  });
  return window;
}
