import { createRequire } from 'node:module';

/**
 * Puts back two functions that Node 23 took out of `node:util` and that tfjs-node 4.22 calls. Self-contained: it also runs as text
 * in the check of a fresh build.
 */
export function restoreRemovedUtil(util: object): void {
  const put = (name: string, value: (candidate: unknown) => boolean): void => {
    if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true });
  };
  put('isNullOrUndefined', (candidate) => candidate === null || candidate === undefined);
  put('isArray', (candidate) => Array.isArray(candidate));
}

/** Loads the package tfjs-node of a build, whose API is that of `@tensorflow/tfjs`; the benchmark's peer. Give it its type. */
export function loadTfjsNode(packageDir: string): unknown {
  const require = createRequire(`${packageDir}/package.json`);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // The CommonJS object, which tfjs-node will see; an ES import of `node:util` is another one.
  const util: unknown = require('node:util');
  if (typeof util === 'object' && util !== null) restoreRemovedUtil(util);
  return require(packageDir);
}
