import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { homedir } from 'node:os';
import { runPreload, createPageWorld } from './worlds';
import type { RendererIpc, World } from './worlds';

type Handler = (request: Request) => Response | Promise<Response>;
type Preventable = { defaultPrevented: boolean; preventDefault(): void };

function preventable(): Preventable {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}

const state = {
  isReady: false,
  hasRegisteredSchemes: false,
  schemes: new Map<string, Readonly<Record<string, boolean>>>(),
  handlers: new Map<string, Handler>(),
  windows: [] as BrowserWindow[],
  dialogs: [] as { readonly canceled: boolean; readonly filePaths?: readonly string[]; readonly filePath?: string }[],
  opened: [] as string[],
  menu: null as Menu | null,
};
/** For `control.ts` alone. */
export const doubleState = state;

class App extends EventEmitter {
  readonly isPackaged = false;
  async whenReady(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (!state.isReady) {
      state.isReady = true;
      this.emit('ready');
    }
  }
  requestSingleInstanceLock(): boolean {
    return process.env['ELECTRON_DOUBLE_SECOND'] !== '1';
  }
  getLocale(): string {
    return process.env['ELECTRON_DOUBLE_LOCALE'] ?? 'en-US';
  }
  getPath(): string {
    return homedir();
  }
  quit(): void {
    const event = preventable();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    for (const window of [...state.windows]) window.close();
    this.emit('will-quit', preventable());
    this.emit('quit', preventable(), 0);
    setImmediate(() => process.exit(0));
  }
}
export const app = new App();

export const protocol = {
  registerSchemesAsPrivileged(
    schemes: readonly { readonly scheme: string; readonly privileges?: Readonly<Record<string, boolean>> }[],
  ): void {
    if (state.isReady) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    if (state.hasRegisteredSchemes) throw new Error('protocol.registerSchemesAsPrivileged can be called once only');
    state.hasRegisteredSchemes = true;
    for (const { scheme, privileges } of schemes) state.schemes.set(scheme, privileges ?? {});
  },
  handle(scheme: string, handler: Handler): void {
    if (!state.isReady) throw new Error('protocol.handle can only be used after app is ready');
    if (state.handlers.has(scheme)) throw new Error(`The scheme ${scheme} is already registered`);
    state.handlers.set(scheme, handler);
  },
};

/** Answers a request as the network stack would: by the scheme's handler, and not at all without one. */
export async function fetchByScheme(url: string, init?: RequestInit): Promise<Response> {
  const handler = state.handlers.get(new URL(url).protocol.slice(0, -1));
  if (handler === undefined) throw new Error(`net::ERR_UNKNOWN_URL_SCHEME ${url}`);
  return await handler(new Request(url, init));
}

/** A standard scheme has an origin; any other's is opaque. */
function originOf(url: string): string {
  const { protocol: scheme, host, origin } = new URL(url);
  if (origin !== 'null') return origin;
  return state.schemes.get(scheme.slice(0, -1))?.['standard'] === true ? `${scheme}//${host}` : 'null';
}

class WebFrameMain {
  constructor(readonly url: string) {}
  get origin(): string {
    return originOf(this.url);
  }
}

class Session {
  permissionRequestHandler:
    | ((contents: WebContents, permission: string, decide: (granted: boolean) => void, details: object) => void)
    | null = null;
  permissionCheckHandler:
    | ((contents: WebContents | null, permission: string, origin: string, details: object) => boolean)
    | null = null;
  setPermissionRequestHandler(handler: Session['permissionRequestHandler']): void {
    this.permissionRequestHandler = handler;
  }
  setPermissionCheckHandler(handler: Session['permissionCheckHandler']): void {
    this.permissionCheckHandler = handler;
  }
}
const defaultSession = new Session();

export const ipcMain = new EventEmitter();

let lastContentsId = 0;

export class WebContents extends EventEmitter {
  readonly id = ++lastContentsId;
  readonly session = defaultSession;
  mainFrame = new WebFrameMain('about:blank');
  page: World = createPageWorld();
  windowOpenHandler: (details: { readonly url: string }) => { readonly action: string } = () => ({ action: 'allow' });
  private ipc: RendererIpc | null = null;
  private gone = false;

  constructor(private readonly preload: string | undefined) {
    super();
  }
  setWindowOpenHandler(handler: WebContents['windowOpenHandler']): void {
    this.windowOpenHandler = handler;
  }
  isDestroyed(): boolean {
    return this.gone;
  }
  getURL(): string {
    return this.mainFrame.url;
  }
  send(channel: string, ...args: unknown[]): void {
    if (this.gone) throw new TypeError('Object has been destroyed');
    const copies = structuredClone(args);
    const { ipc } = this;
    setImmediate(() => {
      if (this.ipc === ipc) ipc?.emit(channel, { sender: ipc, ports: [] }, ...copies);
    });
  }
  /** A message from the page's side, as if from `frame`. */
  receive(channel: string, args: unknown[], frame: WebFrameMain = this.mainFrame): void {
    const event = { sender: this, senderFrame: frame, processId: 1, frameId: 1, returnValue: undefined, ports: [] };
    setImmediate(() => ipcMain.emit(channel, event, ...args));
  }
  receiveFrom(url: string, channel: string, args: unknown[]): void {
    this.receive(channel, structuredClone(args), new WebFrameMain(url));
  }
  /** A message from the top of the window, as if that were at another address by now. */
  receiveStrayed(url: string, channel: string, args: unknown[]): void {
    const own = this.mainFrame;
    const strayed = new WebFrameMain(url);
    const event = { sender: this, senderFrame: strayed, processId: 1, frameId: 1, returnValue: undefined, ports: [] };
    setImmediate(() => {
      this.mainFrame = strayed;
      ipcMain.emit(channel, event, ...structuredClone(args));
      this.mainFrame = own;
    });
  }
  async load(url: string): Promise<void> {
    this.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false, frame: this.mainFrame });
    const response = await fetchByScheme(url);
    if (!response.ok) throw new Error(`ERR_FAILED (-2) loading '${url}'`);
    const frame = new WebFrameMain(url);
    this.mainFrame = frame;
    this.page = createPageWorld();
    this.ipc = null;
    if (this.preload !== undefined) {
      try {
        this.ipc = runPreload(this.preload, this.page, (channel, args) => this.receive(channel, args, frame));
      } catch (error) {
        this.emit('preload-error', preventable(), this.preload, error);
        throw error;
      }
    }
    this.emit('dom-ready');
    this.emit('did-finish-load');
  }
  reload(): void {
    // Like the real one it answers at once; 'did-finish-load' tells when it is done.
    void this.load(this.mainFrame.url);
  }
  crash(): void {
    this.ipc = null;
    this.emit('render-process-gone', preventable(), { reason: 'crashed', exitCode: 1 });
  }
  destroy(): void {
    this.gone = true;
    this.ipc = null;
    this.emit('destroyed');
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  private bounds: { x: number; y: number; width: number; height: number };
  private visible: boolean;
  private maximized = false;
  private destroyed = false;

  constructor(
    readonly options: Readonly<Record<string, unknown>> & {
      readonly webPreferences?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super();
    if (!state.isReady) throw new Error('Cannot create BrowserWindow before app is ready');
    const number = (name: string, fallback: number): number =>
      typeof options[name] === 'number' ? options[name] : fallback;
    this.bounds = { x: number('x', 0), y: number('y', 0), width: number('width', 800), height: number('height', 600) };
    this.visible = options['show'] !== false;
    const preload = options.webPreferences?.['preload'];
    this.webContents = new WebContents(typeof preload === 'string' ? preload : undefined);
    state.windows.push(this);
    app.emit('browser-window-created', preventable(), this);
    app.emit('web-contents-created', preventable(), this.webContents);
  }
  static getAllWindows(): BrowserWindow[] {
    return [...state.windows];
  }
  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url);
    this.emit('ready-to-show');
  }
  show(): void {
    this.visible = true;
  }
  isVisible(): boolean {
    return this.visible;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  isMinimized(): boolean {
    return false;
  }
  restore(): void {
    this.maximized = false;
  }
  focus(): void {
    this.emit('focus');
  }
  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { ...this.bounds };
  }
  setBounds(bounds: Partial<{ x: number; y: number; width: number; height: number }>): void {
    this.bounds = { ...this.bounds, ...bounds };
  }
  close(): void {
    if (this.destroyed) return;
    const event = preventable();
    this.emit('close', event);
    if (event.defaultPrevented) return;
    this.destroyed = true;
    state.windows.splice(state.windows.indexOf(this), 1);
    this.webContents.destroy();
    this.emit('closed');
    if (state.windows.length === 0) app.emit('window-all-closed');
  }
}

type MenuTemplate = {
  readonly id?: string;
  readonly label?: string;
  readonly role?: string;
  readonly type?: string;
  readonly click?: (...args: unknown[]) => void;
  readonly submenu?: readonly MenuTemplate[];
};

export class Menu {
  private constructor(readonly items: readonly MenuTemplate[]) {}
  static buildFromTemplate(template: readonly MenuTemplate[]): Menu {
    for (const item of template) {
      if (item.role === undefined && item.label === undefined && item.type !== 'separator') {
        throw new Error('Invalid template for MenuItem: must have at least one of label, role or type');
      }
      if (item.submenu !== undefined) Menu.buildFromTemplate(item.submenu);
    }
    return new Menu(template);
  }
  static setApplicationMenu(menu: Menu | null): void {
    state.menu = menu;
  }
  getMenuItemById(id: string): MenuTemplate | null {
    const find = (items: readonly MenuTemplate[]): MenuTemplate | null => {
      for (const item of items) {
        const found = item.id === id ? item : find(item.submenu ?? []);
        if (found !== null) return found;
      }
      return null;
    };
    return find(this.items);
  }
}

function nextDialog(): Promise<object> {
  return Promise.resolve(state.dialogs.shift() ?? { canceled: true, filePaths: [], filePath: '' });
}
export const dialog = { showOpenDialog: nextDialog, showSaveDialog: nextDialog };

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

export const shell = {
  openExternal: (url: string): Promise<void> => {
    state.opened.push(url);
    return Promise.resolve();
  },
};

/** A utility process has no `process.send`: it talks through `process.parentPort`. */
const parentPortShim = `data:text/javascript,${encodeURIComponent(`
  const send = process.send.bind(process);
  process.parentPort = { postMessage: (message) => send(message), on: (name, listener) => process.on(name, (data) => listener({ data, ports: [] })) };
  delete process.send;
`)}`;

class UtilityProcess extends EventEmitter {
  private readonly child;
  readonly stderr;
  constructor(entry: string, args: readonly string[], options: { readonly env?: NodeJS.ProcessEnv }) {
    super();
    this.child = fork(entry, args, {
      execArgv: ['--import', parentPortShim],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: options.env,
    });
    this.stderr = this.child.stderr;
    this.child.on('spawn', () => this.emit('spawn'));
    this.child.on('message', (message) => this.emit('message', message));
    this.child.on('close', (code) => this.emit('exit', code ?? 1));
  }
  get pid(): number | undefined {
    return this.child.pid;
  }
  postMessage(message: unknown): void {
    if (this.child.connected) this.child.send(structuredClone(message) as object);
  }
  kill(): boolean {
    return this.child.kill();
  }
}
export const utilityProcess = {
  fork: (
    entry: string,
    args: readonly string[] = [],
    options: { readonly env?: NodeJS.ProcessEnv } = {},
  ): UtilityProcess => {
    if (!state.isReady) throw new Error('utilityProcess cannot be created before app is ready.');
    return new UtilityProcess(entry, args, options);
  },
};
