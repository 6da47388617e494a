import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { hostFailed, notInThisForm, requestCancelled } from '../../shared/diagnostics/catalog/host';
import { diagnosticMessage, failure, success } from '../../shared/diagnostics/diagnostic';
import type { Diagnostic, Result } from '../../shared/diagnostics/diagnostic';
import type {
  CancelSignal,
  AppMenu,
  EventName,
  HostApi,
  HostEvents,
  HostInfo,
  HostRequests,
  ModelRef,
  RequestName,
} from '../../shared/host/api';
import { errorText } from '../../shared/text';
import { dataCatalogue } from '../data/catalogue';
import { createAnswerer, type Answerer } from './answerer';
import { createDiary, saveDiary, watchedTrainer } from './diary';
import { createDraftStore } from './drafts';
import { listEngines } from './engines';
import { previewExport, writeExport } from './exports';
import { writeHeads } from './exports/heads';
import { listFolder } from './folders';
import { importBeside } from './imports/importThread';
import { createKeptImports } from './imports/kept';
import { createUploads } from './imports/uploads';
import { describeCheckpoint, describeModel, modelPath, saveModel } from './models';
import type { AppLog } from '../files/appLog';
import { cacheDir, defaultDataDir, defaultProjectsDir, findAppRoot } from '../files/paths';
import { checkHealth } from './health';
import { createLibrary } from './library';
import { createPlaces } from './places';
import { openProject, saveProject } from './projects';
import { createRecentsStore } from './recents';
import { readRecorded } from './recordedFolder';
import { openMended } from './recordingAside';
import { createRecordings } from './recordings';
import { pruneRuns } from './runs/prune';
import { createRuns } from './runs/runs';
import { createSettingsStore } from './settings';
import { createSweeps } from './sweeps/sweeps';
import type { RunHearing } from './sweeps/trials';
import { createStorage } from './storage';
import { listTemplates, openTemplate } from './templates';
import { nodeTrainer } from './trainerProcess';
import type { ForkTrainer } from './trainerProcess';
import type { VisitedHost } from './visits';
import { createWebgpuCheck, mayUseWebgpu } from './webgpuCheck';

export type { ForkTrainer, TrainerExit, TrainerProcess } from './trainerProcess';
export { watchOwnCrash } from './diary';
export { nodeTrainer } from './trainerProcess';
export { defaultDataDir, findAppRoot } from '../files/paths';

/** Native dialogs; each gives the chosen path, or null when the user cancels. */
export type Dialogs = {
  /** `any`: a file of any kind, not a network alone. */
  pickOpen(any: boolean): Promise<string | null>;
  pickSave(suggestedName: string): Promise<string | null>;
  pickFolder(): Promise<string | null>;
  /** Shows a path where the system shows files. */
  reveal(path: string): void;
};

/** How a host is set up. Everything has the product's default; tests and the Electron shell replace what differs. */
export type HostOptions = {
  readonly form: HostInfo['form'];
  /** Runs, drafts and settings. Default: see {@link defaultDataDir}. */
  readonly dataDir?: string;
  readonly projectsDir?: string;
  /** The app's own folder with `out/` and `templates/`. Default: found from this file upwards. */
  readonly appRoot?: string;
  readonly templatesDir?: string;
  readonly forkTrainer?: ForkTrainer;
  readonly dialogs?: Dialogs;
  /** Shows the app's actions in the native menu, where there is one. */
  readonly setMenu?: (menu: AppMenu) => void;
  readonly systemLanguage?: string;
  readonly now?: () => Date;
  readonly stopTimeoutMs?: number;
  /** Hears of things that went wrong beside what was asked for, such as a settings file that was set aside. */
  readonly report?: (diagnostic: Diagnostic) => void;
};

/** The machine's side of the HostApi. */
export type Host = VisitedHost & {
  readonly log: AppLog;
  /** Stops runs, keeping their weights, and ends every process. */
  dispose(): Promise<void>;
};

type Handlers = {
  /** `connection` names the client that asks; null for callers inside this process. */
  readonly [N in RequestName]: (
    payload: HostRequests[N][0],
    signal: CancelSignal | undefined,
    connection: string | null,
  ) => Promise<Result<HostRequests[N][1]>>;
};

type Emit = <N extends EventName>(name: N, payload: HostEvents[N]) => void;

function readVersion(appRoot: string): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(appRoot, 'package.json'), 'utf8'));
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  } catch {
    return 'unknown';
  }
  return 'unknown';
}

function createHandlers(options: HostOptions, emit: Emit) {
  const appRoot = options.appRoot ?? findAppRoot(import.meta.dirname);
  const templatesDir = options.templatesDir ?? join(appRoot, 'templates');
  const dataDir = options.dataDir ?? defaultDataDir();
  const projectsDir = options.projectsDir ?? defaultProjectsDir();
  const now = options.now ?? (() => new Date());
  const version = readVersion(appRoot);
  const log = createDiary({ appRoot, dataDir, cacheDir: cacheDir(), projectsDir, version, form: options.form, now });
  const startTrainer = options.forkTrainer ?? nodeTrainer(join(appRoot, 'out', 'main', 'trainer.js'));
  const forkTrainer = watchedTrainer(startTrainer, log);
  const storage = createStorage({ dataDir, cacheDir: cacheDir(), projectsDir, logDir: log.dir });
  const report = (diagnostic: Diagnostic): void => {
    options.report?.(diagnostic);
    log.add('host', `${diagnostic.code}: ${diagnosticMessage(diagnostic)}`);
    emit('host.notice', { diagnostic });
  };

  const settings = createSettingsStore(dataDir, report, now);
  const library = createLibrary(dataDir, report);
  const recents = createRecentsStore(dataDir, report, now);
  const recordings = createRecordings(dataDir, report, now);
  const places = createPlaces({
    dataDir,
    projectsDir,
    isRecent: async (path) => (await recents.list()).some((recent) => recent.path === path && !recent.isMissing),
  });
  const drafts = createDraftStore(dataDir, report, now);
  const answerer = createAnswerer(forkTrainer);
  const uploads = createUploads(() => now().getTime());
  const kept = createKeptImports(dataDir);
  const checkWebgpu = createWebgpuCheck(forkTrainer);
  const runListeners = new Set<RunHearing>();
  const runsDir = join(dataDir, 'runs');
  const runs = createRuns({
    runsDir,
    followedDir: join(dataDir, 'followed'),
    forkTrainer,
    stopTimeoutMs: options.stopTimeoutMs ?? 15_000,
    now,
    emit: (event) => {
      for (const listener of [...runListeners]) listener(event);
      emit('run.event', event);
    },
    tellReading: (reading) => emit('run.reading', reading),
    tellValidating: (validating) => emit('run.validating', validating),
  });
  const sweeps = createSweeps({
    sweepsDir: join(dataDir, 'sweeps'),
    runs,
    hearRuns: (listener) => {
      runListeners.add(listener);
      return () => void runListeners.delete(listener);
    },
    now,
    emit: (sweep) => emit('sweep.changed', { sweep }),
  });
  const info: HostInfo = {
    version,
    form: options.form,
    nativeDialogs: options.dialogs !== undefined,
    systemLanguage: options.systemLanguage ?? Intl.DateTimeFormat().resolvedOptions().locale,
    projectsDir,
    memoryBytes: totalmem(),
    cpuCount: availableParallelism(),
  };
  const pick = async (
    name: RequestName,
    choose: ((dialogs: Dialogs) => Promise<string | null>) | null,
  ): Promise<Result<{ readonly path: string } | null>> => {
    if (options.dialogs === undefined || choose === null) return failure(notInThisForm(name, options.form));
    const path = await choose(options.dialogs);
    if (path !== null) places.allow(path);
    return success(path === null ? null : { path });
  };

  const withModel = async <T>(model: ModelRef, work: (path: string) => Promise<Result<T>>): Promise<Result<T>> => {
    const path = modelPath(model, (runId) => runs.dirOf(runId));
    return path.ok ? await work(path.value) : path;
  };

  /** For questions that need no weights as well. */
  const withAny = async <T>(
    model: ModelRef | null,
    work: (path: string | null) => Promise<Result<T>>,
  ): Promise<Result<T>> => (model === null ? await work(null) : await withModel(model, work));

  /** Tells whoever holds a ticket how far the answer is. */
  const measured =
    (ticket: string | undefined) =>
    (done: number, total: number): void => {
      if (ticket !== undefined) emit('run.measuring', { ticket, done, total });
    };

  /** Asks a process that does nothing else, and ends with the answer: its memory is the question's own, and nobody waits behind it. */
  const apart = async <T>(ask: (own: Answerer) => Promise<T>): Promise<T> => {
    const own = createAnswerer(forkTrainer);
    try {
      return await ask(own);
    } finally {
      own.dispose();
    }
  };

  /** Does what writes to `path`, unless a page asks for it and may not; `replaces`: it would take the place of a file. */
  const writing = async <T>(
    { path, overwrite = false }: { readonly path: string | undefined; readonly overwrite?: boolean },
    connection: string | null,
    work: () => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    const refusal = connection === null || path === undefined ? null : await places.whyNot(path, overwrite);
    return refusal === null ? await work() : failure(refusal);
  };

  const handlers: Handlers = {
    'host.info': () => Promise.resolve(success(info)),
    'host.check': async () =>
      success(await checkHealth({ version: info.version, dataDir, cacheDir: cacheDir(), projectsDir })),
    'storage.list': () => storage.list(),
    'storage.free': ({ id }) => storage.free(id),
    'log.add': ({ message, stack, isCrash }) => {
      if (isCrash) log.crash('page', message, stack);
      else log.add('page', `${message}\n${stack}`);
      return Promise.resolve(success({}));
    },
    'log.save': () => saveDiary(log, projectsDir, now()),
    'log.crashes': () => Promise.resolve(success(log.takeCrashes())),
    'engines.list': async ({ recheck = false }) => {
      await checkWebgpu({ again: recheck });
      return listEngines(forkTrainer);
    },
    'data.list': () =>
      Promise.resolve(
        success(dataCatalogue.map(({ spec, label, doc, needsPath }) => ({ spec, label, doc, needsPath }))),
      ),
    'data.info': (request) => answerer.ask('data', request),
    'data.look': ({ ticket, ...question }, signal) => answerer.ask('look', question, signal, measured(ticket)),
    'data.gallery': (question, signal) => answerer.ask('gallery', question, signal),
    'data.preview': (question, signal) => answerer.ask('preview', question, signal),
    'data.record': async (request, _signal, connection) => {
      const saved = await writing({ path: request.dir }, connection, () => recordings.save(request));
      if (!saved.ok) return saved;
      answerer.renew();
      emit('data.changed', saved.value);
      return saved;
    },
    'data.recordings': async ({ dir }) => success(await recordings.list(dir)),
    'data.recording': (request) => openMended(request),
    'data.recorded': (request) => readRecorded(request),
    'data.sample': ({ spec }) => answerer.ask('sample', { spec }),
    'templates.list': () => listTemplates(templatesDir),
    'templates.open': ({ id }) => openTemplate(templatesDir, id),
    'files.list': (request) => listFolder(request, projectsDir),
    'files.pickOpen': ({ any = false }) => pick('files.pickOpen', (dialogs) => dialogs.pickOpen(any)),
    'files.pickSave': ({ suggestedName }) => pick('files.pickSave', (dialogs) => dialogs.pickSave(suggestedName)),
    'files.pickFolder': () => pick('files.pickFolder', (dialogs) => dialogs.pickFolder()),
    'files.reveal': ({ path }) => {
      if (options.dialogs === undefined) return Promise.resolve(failure(notInThisForm('files.reveal', options.form)));
      options.dialogs.reveal(path);
      return Promise.resolve(success({}));
    },
    'project.open': async ({ path }) => {
      const opened = await openProject(path);
      if (opened.ok) places.allow(path);
      if (opened.ok) await recents.add(path, opened.value.document.name);
      return opened;
    },
    'project.save': async (request, _signal, connection) => {
      const saved = await writing(request, connection, () => saveProject(request));
      if (saved.ok) await recents.add(request.path, request.document.name);
      return saved;
    },
    'project.recent': async () => success(await recents.list()),
    'project.forget': async ({ path }) => {
      await recents.forget(path);
      return success({});
    },
    'draft.save': (draft, _signal, connection) => drafts.save(draft, connection),
    'draft.list': () => drafts.list(),
    'draft.discard': ({ key }, _signal, connection) => drafts.discard(key, connection),
    'run.start': async (request, _signal, connection) => {
      if (mayUseWebgpu(request.config.engine)) await checkWebgpu({ again: false });
      return writing({ path: request.dir }, connection, () => runs.start(request));
    },
    'run.resume': async (request, _signal, connection) => {
      await checkWebgpu({ again: false });
      return writing({ path: request.dir }, connection, () => runs.resume(request));
    },
    'run.follow': (request) => runs.follow(request),
    'run.stop': ({ runId }) => runs.stop(runId),
    'run.measure': (request, signal) => answerer.ask('measure', request, signal),
    'run.measureLayers': ({ ticket, ...question }, signal) =>
      answerer.ask('measureLayers', question, signal, measured(ticket)),
    'run.findRate': ({ ticket, ...question }, signal) =>
      apart((own) => own.ask('findRate', question, signal, measured(ticket))),
    'run.forecast': (question, signal) => apart((own) => own.ask('forecast', question, signal)),
    'run.list': (wanted) => runs.list(wanted),
    'run.get': ({ runId }) => runs.get(runId),
    'run.label': (request) => runs.label(request),
    'run.prune': (wanted) => pruneRuns(runs, runsDir, wanted),
    'run.delete': ({ runId }) => runs.remove(runId),
    'sweep.start': async (request, _signal, connection) => {
      if (mayUseWebgpu(request.config.engine)) await checkWebgpu({ again: false });
      return writing({ path: request.dir }, connection, () => sweeps.start(request));
    },
    'sweep.resume': async (request, _signal, connection) => {
      await checkWebgpu({ again: false });
      return writing({ path: request.dir }, connection, () => sweeps.resume(request));
    },
    'sweep.stop': ({ sweepId }) => sweeps.stop(sweepId),
    'sweep.list': () => sweeps.list(),
    'sweep.forget': ({ sweepId }) => sweeps.forget(sweepId),
    'model.info': ({ model }) => withModel(model, describeModel),
    'model.save': ({ model, ...request }, _signal, connection) =>
      writing(request, connection, () => withModel(model, (path) => saveModel(path, request))),
    'model.evaluate': async ({ model, ...request }, signal) => {
      if (mayUseWebgpu(request.engine)) await checkWebgpu({ again: false });
      return withModel(model, (path) => answerer.ask('evaluate', { path, ...request }, signal));
    },
    'model.samples': ({ model, ...request }, signal) =>
      withModel(model, (path) => answerer.ask('samples', { path, ...request }, signal)),
    'model.predict': ({ model, input }, signal) =>
      withModel(model, (path) => answerer.ask('predict', { path, input }, signal)),
    'model.predictTable': ({ model, table }, signal) =>
      withModel(model, (path) => answerer.ask('predictTable', { path, table }, signal)),
    'model.activations': ({ model, nodes, input }, signal) =>
      withModel(model, (path) => answerer.ask('activations', { path, nodes, input }, signal)),
    'model.inspect': ({ model, ...request }, signal) =>
      withAny(model, (path) => answerer.ask('inspect', { ...request, path }, signal)),
    'model.nearest': ({ model, ticket, ...question }, signal) =>
      withAny(model, (path) => answerer.ask('nearest', { ...question, path }, signal, measured(ticket))),
    'model.embed': ({ model, ticket, ...question }, signal) =>
      withAny(model, (path) => answerer.ask('embed', { ...question, path }, signal, measured(ticket))),
    'checkpoint.info': ({ model }) => withModel(model, describeCheckpoint),
    'heads.write': (request, _signal, connection) => writing(request, connection, () => writeHeads(request)),
    'export.write': ({ model, ...request }, signal, connection) =>
      writing(request, connection, () => withAny(model, (path) => writeExport(request, path, answerer, signal))),
    'export.preview': ({ model, ...request }, signal) =>
      withAny(model, (path) => previewExport(request, path, answerer, signal)),
    'import.read': async (request, signal, connection) => {
      uploads.hold(request.path);
      try {
        return await writing({ path: undefined, ...request.save }, connection, () =>
          importBeside(request, { answerer, dataDir, signal }),
        );
      } finally {
        await uploads.done(request.path);
      }
    },
    'import.receive': (part) => uploads.receive(part),
    'import.kept': ({ id }) => kept.read(id),
    'import.forget': ({ id }) => kept.forget(id),
    'library.list': () => library.list(),
    'library.keep': (block) => library.keep(block),
    'library.forget': ({ name }) => library.forget(name),
    'settings.get': async () => success(await settings.get()),
    'settings.set': (change) => settings.set(change),
    'menu.set': (menu) => {
      options.setMenu?.(menu);
      return Promise.resolve(success({}));
    },
  };
  return { handlers, runs, sweeps, answerer, drafts, uploads, log };
}

/** The HostApi in plain Node: the same for Electron's main process, the local server and the command line. */
export function createHost(options: HostOptions): Host {
  const listeners: { readonly [N in EventName]: Set<(payload: HostEvents[N]) => void> } = {
    'run.event': new Set(),
    'run.reading': new Set(),
    'run.validating': new Set(),
    'sweep.changed': new Set(),
    'run.measuring': new Set(),
    'app.command': new Set(),
    'host.notice': new Set(),
    'data.changed': new Set(),
    'drafts.left': new Set(),
  };
  const emit: Emit = (name, payload) => {
    for (const listener of [...listeners[name]]) listener(payload);
  };
  const { handlers, runs, sweeps, answerer, drafts, uploads, log } = createHandlers(options, emit);
  const apiOf = (connection: string | null): HostApi => ({
    request: async (name, payload, signal) => {
      if (signal?.aborted === true) return failure(requestCancelled(name));
      try {
        return await handlers[name](payload, signal, connection);
      } catch (error) {
        log.add(
          'host',
          `${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : errorText(error)}`,
        );
        return failure(hostFailed(name, errorText(error)));
      }
    },
    on: (name, listener) => {
      listeners[name].add(listener);
      return () => void listeners[name].delete(listener);
    },
    // Whoever holds the host itself cannot lose it; connections can, and `connectHost` tells.
    onLost: () => () => undefined,
  });
  return {
    ...apiOf(null),
    log,
    visit: (connection) => ({
      api: apiOf(connection),
      leave: () => void drafts.leave(connection).then((hasLeft) => hasLeft && emit('drafts.left', {})),
    }),
    dispose: async () => {
      // First: a trial that is stopped by the end of its run would be taken for one that came to it.
      await sweeps.dispose();
      await runs.dispose();
      answerer.dispose();
      await uploads.dispose();
      await drafts.dispose();
    },
  };
}
