import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import vm from 'node:vm';

/** A JavaScript world of its own: objects of another world are not `instanceof` its classes. */
export type World = vm.Context;

const nodeRequire = createRequire(import.meta.url);
/** What a sandboxed preload may require besides 'electron'. Source: Electron's "Process sandboxing". */
const allowedModules = new Set(['events', 'timers', 'url', 'node:events', 'node:timers', 'node:url']);
const maxDepth = 1000;

function evaluate(world: World, source: string): unknown {
  return vm.runInContext(source, world);
}

/** The world of a page: a global object that is its own window, with no Node in it. */
export function createPageWorld(): World {
  const world = vm.createContext({ setTimeout, clearTimeout, queueMicrotask, URL, structuredClone });
  vm.runInContext('globalThis.window = globalThis; globalThis.self = globalThis;', world);
  return world;
}

/** Copies a value into a world as the context bridge does. `freeze` is for what is exposed for good. */
function bridge(value: unknown, from: World, to: World, freeze: boolean, depth = 0): unknown {
  if (depth > maxDepth)
    throw new TypeError(
      'Electron contextBridge recursion depth exceeded.  Nested objects deeper than 1000 are not supported.',
    );
  if (typeof value === 'symbol') throw new TypeError('Symbols can not be passed over the contextBridge.');
  if (typeof value === 'function') return bridgeFunction(value as (...args: unknown[]) => unknown, from, to, freeze);
  if (typeof value !== 'object' || value === null) return value;
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object Promise]') {
    const make = evaluate(to, '((run) => new Promise(run))') as (
      run: (ok: (v: unknown) => void, no: (e: unknown) => void) => void,
    ) => unknown;
    return make((ok, no) => {
      (value as Promise<unknown>).then(
        (v) => ok(bridge(v, from, to, false)),
        (error: unknown) => no(bridgeError(error, to)),
      );
    });
  }
  if (tag === '[object Error]') return bridgeError(value, to);
  if (tag === '[object Array]') {
    const copy = (value as unknown[]).map((item) => bridge(item, from, to, freeze, depth + 1));
    const array = (evaluate(to, '((...items) => items)') as (...items: unknown[]) => unknown[])(...copy);
    return freeze ? Object.freeze(array) : array;
  }
  if (tag !== '[object Object]') return structuredClone(value);
  // Prototypes, getters and non-enumerable properties do not cross.
  const copy = evaluate(to, '({})') as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) copy[key] = bridge(item, from, to, freeze, depth + 1);
  return freeze ? Object.freeze(copy) : copy;
}

function bridgeError(error: unknown, to: World): unknown {
  const message =
    error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error)
      ? String(error.message)
      : String(error);
  return (evaluate(to, '((message) => new Error(message))') as (message: string) => unknown)(message);
}

function bridgeFunction(original: (...args: unknown[]) => unknown, from: World, to: World, freeze: boolean): unknown {
  const wrap = evaluate(to, '((call) => (...args) => call(args))') as (call: (args: unknown[]) => unknown) => object;
  const proxied = wrap((args) => {
    try {
      return bridge(original(...args.map((arg) => bridge(arg, to, from, false))), from, to, false);
    } catch (error) {
      throw bridgeError(error, to);
    }
  });
  return freeze ? Object.freeze(proxied) : proxied;
}

/** The renderer's end of IPC. */
export type RendererIpc = EventEmitter & { send(channel: string, ...args: unknown[]): void };

/** Runs a preload script in its own world and gives that world's IPC. Throws what the script throws. */
export function runPreload(
  path: string,
  page: World,
  sendToMain: (channel: string, args: unknown[]) => void,
): RendererIpc {
  const world = vm.createContext({
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    setImmediate,
    clearImmediate,
    URL,
    console,
    structuredClone,
  });
  const emitter = new EventEmitter();
  const ipcRenderer: RendererIpc = Object.assign(emitter, {
    send: (channel: string, ...args: unknown[]) => sendToMain(channel, structuredClone(args)),
  });
  const exposed = new Set<string>();
  const contextBridge = {
    exposeInMainWorld: (key: string, api: unknown) => {
      if (exposed.has(key) || evaluate(page, `${JSON.stringify(key)} in globalThis`) === true) {
        throw new Error('Cannot bind an API on top of an existing property on the window object');
      }
      exposed.add(key);
      Object.defineProperty(page, key, {
        value: bridge(api, world, page, true),
        writable: false,
        configurable: false,
        enumerable: true,
      });
    },
  };
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return { contextBridge, ipcRenderer };
    if (allowedModules.has(name)) return nodeRequire(name);
    throw new Error(`module not found: ${name}`);
  };
  const wrapper = new vm.Script(
    `(function (exports, require, module, __filename, __dirname, process) { ${readFileSync(path, 'utf8')}\n})`,
    { filename: path },
  );
  const run = wrapper.runInContext(world) as (...args: unknown[]) => void;
  const module = { exports: {} };
  const sandboxedProcess = Object.freeze({
    platform: process.platform,
    arch: process.arch,
    versions: process.versions,
    env: {},
    sandboxed: true,
    contextIsolated: true,
  });
  run(module.exports, require, module, path, dirname(path), sandboxedProcess);
  return ipcRenderer;
}
