import { fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import type { ControlMessage, ControlMethods, ControlName, ControlRequest } from './control';

const repoRoot = join(import.meta.dirname, '..', '..', '..');

export type ElectronApp = {
  call<N extends ControlName>(name: N, payload: ControlMethods[N][0]): Promise<ControlMethods[N][1]>;
  /** Runs code in the page's world. */
  evaluate(source: string): Promise<unknown>;
  onPageMessage(listener: (message: unknown) => void): void;
  /** Settles with the exit code when the app has ended. */
  readonly exited: Promise<number | null>;
  errorOutput(): string;
  close(): Promise<void>;
};

/** What Vite does with `?raw`: the file's text is the module. */
const rawText = {
  name: 'raw-text',
  resolveId: (source: string, importer: string | undefined) =>
    source.endsWith('?raw') && importer !== undefined ? resolve(dirname(importer), source) : null,
  load: async (id: string) =>
    id.endsWith('?raw')
      ? {
          code: `export default ${JSON.stringify(await readFile(id.slice(0, -4), 'utf8'))};`,
          moduleType: 'js' as const,
        }
      : null,
};

/** Bundles an entry for Node with everything from node_modules left outside. */
export async function bundle(entry: string, file: string, format: 'esm' | 'cjs' = 'esm'): Promise<void> {
  const build = await rolldown({
    input: entry,
    platform: 'node',
    plugins: [rawText],
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  });
  await build.write({ file, format, codeSplitting: false });
  await build.close();
}

/** Node's loader is told that 'electron' is the double. */
async function writeLoader(dir: string): Promise<string> {
  await bundle(join(import.meta.dirname, 'module.ts'), join(dir, 'electron.mjs'));
  const double = pathToFileURL(join(dir, 'electron.mjs')).href;
  const hooks = `export async function resolve(specifier, context, next) {
  return specifier === 'electron' ? { url: ${JSON.stringify(double)}, shortCircuit: true } : next(specifier, context);
}`;
  await writeFile(join(dir, 'hooks.mjs'), hooks);
  const register = `import { register } from 'node:module'; register(${JSON.stringify(pathToFileURL(join(dir, 'hooks.mjs')).href)});`;
  await writeFile(join(dir, 'register.mjs'), register);
  return join(dir, 'register.mjs');
}

/**
 * Starts the built app under the double. `appRoot` holds `out/` as the build leaves it; `scratch` takes the double's own bundle and
 * must lie inside the repository, so that its packages are found.
 */
export async function launchElectron(options: {
  readonly appRoot?: string;
  readonly scratch: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}): Promise<ElectronApp> {
  const appRoot = options.appRoot ?? repoRoot;
  const register = await writeLoader(options.scratch);
  const child = fork(join(appRoot, 'out', 'main', 'index.js'), [...(options.args ?? [])], {
    execArgv: ['--import', pathToFileURL(register).href],
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors += String(chunk)));
  const waiting = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
  >();
  const pageListeners: ((message: unknown) => void)[] = [];
  child.on('message', (raw) => {
    const message = raw as ControlMessage;
    if (message.type === 'page') for (const listener of pageListeners) listener(message.message);
    else if (message.type === 'answer') waiting.get(message.id)?.resolve(message.value);
    else waiting.get(message.id)?.reject(new Error(message.reason));
  });
  const exited = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`The app has ended. ${errors}`));
      resolve(code);
    });
  });
  let lastId = 0;
  const call: ElectronApp['call'] = (name, payload) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve: resolve, reject });
      child.send({ id, name, payload } satisfies ControlRequest, (error) => {
        if (error) reject(error);
      });
    });
  const app: ElectronApp = {
    call,
    evaluate: (source) => call('evaluate', { source }),
    onPageMessage: (listener) => void pageListeners.push(listener),
    exited,
    errorOutput: () => errors,
    close: async () => {
      if (child.exitCode === null && child.connected) await call('quit', {}).catch(() => undefined);
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      await exited;
      clearTimeout(timer);
    },
  };
  for (let attempt = 0; attempt < 200; attempt++) {
    const windows = await Promise.race([call('windows', {}), exited.then(() => null)]);
    if (windows === null) throw new Error(`The app ended at its start. ${errors}`);
    if (windows[0]?.isVisible === true) return app;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await app.close();
  throw new Error(`No window was shown. ${errors}`);
}
