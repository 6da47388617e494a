import { once } from 'node:events';
import vm from 'node:vm';
import { errorText } from '../../../shared/text';
import { app, doubleState, fetchByScheme } from './electron';
import type { WebContents } from './electron';

/** name -> [arguments, answer]: what a test may do to the running app. Structured clones both ways. */
export type ControlMethods = {
  windows: [
    Record<string, never>,
    readonly { readonly url: string; readonly isVisible: boolean; readonly webPreferences: unknown }[],
  ];
  /** Runs code in the page's world; the value of its last expression, awaited, comes back. */
  evaluate: [{ readonly source: string }, unknown];
  fetch: [
    { readonly url: string; readonly method?: string },
    { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string },
  ];
  /** Sends through the bridge that the preload exposed. */
  pageSend: [{ readonly message: unknown }, null];
  /** From now on messages to the page also come to the test. */
  pageListen: [Record<string, never>, null];
  /** A message as if another frame had sent it. */
  foreignSend: [{ readonly url: string; readonly channel: string; readonly message: unknown }, null];
  /** A message as if the window itself had come to another address. */
  strayedSend: [{ readonly url: string; readonly channel: string; readonly message: unknown }, null];
  /** As if the page had put a page of its own within itself. */
  webview: [Record<string, never>, { readonly isPrevented: boolean }];
  navigate: [{ readonly url: string }, { readonly isPrevented: boolean }];
  openWindow: [{ readonly url: string }, { readonly action: string; readonly external: readonly string[] }];
  /** `isHeld`: what a page is told that it has, without asking. */
  permission: [
    { readonly permission: string; readonly media?: readonly string[]; readonly from?: string },
    { readonly isGranted: boolean; readonly isHeld: boolean },
  ];
  menu: [{ readonly id: string }, null];
  dialog: [{ readonly canceled: boolean; readonly filePaths?: readonly string[]; readonly filePath?: string }, null];
  secondInstance: [{ readonly argv: readonly string[]; readonly workingDir: string }, null];
  reload: [Record<string, never>, null];
  /** Ends the page's process; answers when the app has loaded the page again. */
  crash: [Record<string, never>, null];
  closeWindow: [Record<string, never>, null];
  quit: [Record<string, never>, null];
};

export type ControlName = keyof ControlMethods;
export type ControlRequest = { readonly id: number; readonly name: ControlName; readonly payload: unknown };
export type ControlMessage =
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly reason: string }
  | { readonly type: 'page'; readonly message: unknown };

function contents(): WebContents {
  const [window] = doubleState.windows;
  if (window === undefined) throw new Error('There is no window.');
  return window.webContents;
}

function tell(message: ControlMessage): void {
  process.send?.(message);
}

const methods: {
  readonly [N in ControlName]: (payload: ControlMethods[N][0]) => ControlMethods[N][1] | Promise<ControlMethods[N][1]>;
} = {
  windows: () =>
    doubleState.windows.map((window) => ({
      url: window.webContents.getURL(),
      isVisible: window.isVisible(),
      webPreferences: window.options.webPreferences,
    })),
  evaluate: async ({ source }) => (await vm.runInContext(source, contents().page)) as unknown,
  fetch: async ({ url, method }) => {
    const response = await fetchByScheme(url, { method: method ?? 'GET' });
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  },
  pageSend: ({ message }) => {
    const send = vm.runInContext('(message) => window.convloom.send(message)', contents().page) as (
      message: unknown,
    ) => void;
    send(message);
    return null;
  },
  pageListen: () => {
    const listen = vm.runInContext('(tell) => { window.convloom.onMessage(tell); }', contents().page) as (
      tell: (message: unknown) => void,
    ) => void;
    listen((message) => tell({ type: 'page', message }));
    return null;
  },
  foreignSend: ({ url, channel, message }) => {
    contents().receiveFrom(url, channel, [message]);
    return null;
  },
  strayedSend: ({ url, channel, message }) => {
    contents().receiveStrayed(url, channel, [message]);
    return null;
  },
  webview: () => {
    const event = { isPrevented: false, preventDefault: () => void (event.isPrevented = true) };
    contents().emit('will-attach-webview', event, {}, {});
    return { isPrevented: event.isPrevented };
  },
  navigate: ({ url }) => {
    const event = { url, isPrevented: false, preventDefault: () => void (event.isPrevented = true) };
    contents().emit('will-navigate', event);
    return { isPrevented: event.isPrevented };
  },
  openWindow: ({ url }) => ({ action: contents().windowOpenHandler({ url }).action, external: doubleState.opened }),
  permission: async ({ permission, media = [], from = '' }) => {
    const { permissionRequestHandler, permissionCheckHandler } = contents().session;
    const isHeld =
      permissionCheckHandler?.(contents(), permission, from, { isMainFrame: true, mediaType: media[0] }) ?? true;
    if (permissionRequestHandler === null) return { isGranted: true, isHeld };
    const isGranted = await new Promise<boolean>((resolve) =>
      permissionRequestHandler(contents(), permission, resolve, {
        requestingUrl: from,
        isMainFrame: true,
        mediaTypes: media,
      }),
    );
    return { isGranted, isHeld };
  },
  menu: ({ id }) => {
    const item = doubleState.menu?.getMenuItemById(id);
    if (item?.click === undefined) throw new Error(`The menu has no command ${id}.`);
    item.click(item, doubleState.windows[0], {});
    return null;
  },
  dialog: (result) => {
    doubleState.dialogs.push(result);
    return null;
  },
  secondInstance: ({ argv, workingDir }) => {
    app.emit('second-instance', {}, [...argv], workingDir);
    return null;
  },
  reload: async () => {
    const loaded = once(contents(), 'did-finish-load');
    contents().reload();
    await loaded;
    return null;
  },
  crash: async () => {
    const loaded = once(contents(), 'did-finish-load');
    contents().crash();
    await loaded;
    return null;
  },
  closeWindow: () => {
    doubleState.windows[0]?.close();
    return null;
  },
  quit: () => {
    setImmediate(() => app.quit());
    return null;
  },
};

/** Answers the test that started this process. */
export function serveControl(): void {
  process.on('message', (request: ControlRequest) => {
    const method = methods[request.name] as (payload: unknown) => unknown;
    void (async () => {
      try {
        tell({ type: 'answer', id: request.id, value: (await method(request.payload)) ?? null });
      } catch (error) {
        tell({ type: 'refusal', id: request.id, reason: errorText(error) });
      }
    })();
  });
  process.on('disconnect', () => process.exit(0));
}
