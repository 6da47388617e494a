import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setupTensorflow } from '../../../electron/setup';
import type { SetupOptions } from '../../../electron/setup';
import { buildName, findInstalled, isInstalled } from '../../../electron/engines/tensorflow/installed';
import { cacheDir } from '../../../electron/files/paths';
import { diagnosticOf } from '../../../electron/setup/failure';
import { findCudaLibraries, readDriverVersion } from '../../../electron/engines/tensorflow/cuda';
import { requireDriver } from '../../../electron/setup/gpu';
import { platformFiles } from '../../../electron/setup/platform';
import { throwIfDiskFull } from '../../../electron/setup/process';
import { diagnosticMessage } from '../../../shared/diagnostics/diagnostic';
import { describeUnless, noPosix } from '../../support/skip';
import { wheelOf } from '../../support/zip';

let dir = '';
let bin = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'convloom-setup-'));
  bin = join(dir, 'bin');
  mkdirSync(bin);
});
afterEach(() => rmSync(dir, { recursive: true }));

/** Puts a program on the PATH of the set-up. */
function fakeProgram(name: string, script: string): void {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** Nothing answers here. */
const nowhere = { pypi: 'http://127.0.0.1:1', cLibrary: 'http://127.0.0.1:1' };

async function run(options: Partial<SetupOptions> = {}) {
  return await setupTensorflow(
    {
      environment: { PATH: bin, XDG_CACHE_HOME: dir },
      endpoints: nowhere,
      freeBytes: () => Promise.resolve(1e12),
      ...options,
    },
    () => undefined,
  );
}

async function codeOf(options: Partial<SetupOptions> = {}): Promise<string> {
  const result = await run(options);
  return result.ok ? 'ok' : result.diagnostics.map(({ code }) => code).join();
}

function bothTools(): void {
  fakeProgram('c++', 'exit 1');
  fakeProgram('npm', 'exit 1');
}

const entries = [
  { name: 'tensorflow/libtensorflow_cc.so.2', data: Buffer.from('main') },
  { name: 'tensorflow/libtensorflow_framework.so.2', data: Buffer.from('framework') },
];

function fakeWheel(bytes: Buffer): string {
  const path = join(dir, 'tensorflow_cpu-2.21.0-cp311-none.whl');
  writeFileSync(path, bytes);
  return path;
}

// The programs that stand for npm and the compiler are shell scripts.
describeUnless(noPosix, 'a set-up that cannot succeed', () => {
  it('says that there is no compiler before it fetches anything', async () => {
    expect(await codeOf()).toBe('setup/no-compiler');
    expect(existsSync(join(dir, 'convloom', 'downloads'))).toBe(false);
  });

  it('takes CXX for the compiler, and says so when it is not there', async () => {
    bothTools();
    const result = await run({ environment: { PATH: bin, XDG_CACHE_HOME: dir, CXX: 'no-such-c++' } });
    expect(result.ok ? '' : diagnosticMessage(result.diagnostics[0]!)).toContain('no-such-c++');
  });

  it('says that there is no npm', async () => {
    fakeProgram('c++', 'exit 1');
    expect(await codeOf()).toBe('setup/no-npm');
  });

  it('tells what each source said when the network is gone', async () => {
    bothTools();
    fakeProgram('python3', 'echo "ERROR: no connection" >&2; exit 1');
    const result = await run();
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['setup/no-source']);
    const message = diagnosticMessage(result.diagnostics[0]!);
    expect(message).toContain('pip: ERROR: no connection');
    expect(message).toMatch(/wheel over HTTPS: .*(ECONNREFUSED|bad port)/);
    expect(message).toMatch(/C library: .*(ECONNREFUSED|bad port)/);
  });

  it('says how much space it needs where there is too little', async () => {
    const result = await run({ freeBytes: () => Promise.resolve(5e8) });
    expect(result.ok ? '' : result.diagnostics[0]!.code).toBe('setup/disk-full');
    expect(result.ok ? '' : diagnosticMessage(result.diagnostics[0]!)).toContain('1.6 GB');
  });

  it.each([
    ['pip', 'python3', "echo 'OSError: [Errno 28] No space left on device' >&2; exit 1"],
    ['npm', 'npm', "echo 'npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device' >&2; exit 0"],
  ])('says that the disk is full when %s found out', async (_, program, script) => {
    bothTools();
    fakeProgram(program, script);
    const from = program === 'npm' ? fakeWheel(wheelOf(entries)) : undefined;
    expect(await codeOf({ from })).toBe('setup/disk-full');
  });

  it('names the folder that is no TensorFlow', async () => {
    bothTools();
    expect(await codeOf({ from: dir })).toBe('setup/bad-folder');
    expect(await codeOf({ from: join(dir, 'nothing') })).toBe('setup/bad-folder');
  });

  it("passes on npm's words", async () => {
    fakeProgram('c++', 'exit 1');
    fakeProgram('npm', 'echo "npm error network getaddrinfo ENOTFOUND" >&2; exit 1');
    const result = await run({ from: fakeWheel(wheelOf(entries)) });
    expect(result.ok ? '' : result.diagnostics[0]!.code).toBe('setup/package-failed');
    expect(result.ok ? '' : diagnosticMessage(result.diagnostics[0]!)).toContain('ENOTFOUND');
  });

  it('leaves no build behind, whatever failed, and lets the next try in', async () => {
    bothTools();
    await codeOf({ from: fakeWheel(wheelOf(entries)) });
    const root = join(dir, 'convloom');
    expect(readdirSync(root).filter((name) => name.startsWith('tensorflow-'))).toEqual([]);
    expect(existsSync(join(root, 'setup.lock'))).toBe(false);
    expect(isInstalled(findInstalled({}, root))).toBe(false);
  });

  it('waits for nobody: a second set-up is refused while one runs, and a dead one is no hindrance', async () => {
    const root = join(dir, 'convloom');
    mkdirSync(root);
    writeFileSync(join(root, 'setup.lock'), String(process.pid));
    expect(await codeOf()).toBe('setup/busy');
    // Above any process id that Linux gives.
    writeFileSync(join(root, 'setup.lock'), '4194999');
    expect(await codeOf()).toBe('setup/no-compiler');
  });

  it('asks for the driver before it fetches the CUDA build', async () => {
    bothTools();
    const expected = readDriverVersion() === undefined ? 'setup/gpu-missing' : 'setup/no-source';
    const other = `${process.platform} ${process.arch}` === 'linux x64' ? expected : 'setup/no-cuda-build';
    expect(await codeOf({ gpu: true })).toBe(other);
  });
});

describe('what the set-up knows of machines', () => {
  it.each([
    ['cpu', 'linux', 'x64', 'tensorflow-cpu'],
    ['gpu', 'linux', 'x64', 'tensorflow'],
    ['cpu', 'linux', 'arm64', 'tensorflow'],
    ['cpu', 'darwin', 'arm64', 'tensorflow'],
  ] as const)('%s on %s %s comes from the package %s', (variant, platform, arch, name) => {
    expect(platformFiles(variant, platform, arch).wheelPackage).toBe(name);
  });

  it.each([
    ['cpu', 'win32', 'x64', 'setup/unsupported-platform'],
    ['cpu', 'darwin', 'x64', 'setup/unsupported-platform'],
    ['gpu', 'darwin', 'arm64', 'setup/no-cuda-build'],
    ['gpu', 'linux', 'arm64', 'setup/no-cuda-build'],
  ] as const)('%s on %s %s is refused: %s', (variant, platform, arch, code) => {
    expect(() => platformFiles(variant, platform, arch)).toThrow(
      expect.objectContaining({ diagnostic: expect.objectContaining({ code }) as object }),
    );
  });

  it("reads the driver's version and refuses one that is too old", () => {
    const path = join(dir, 'version');
    writeFileSync(path, 'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  535.183.01  Release Build\n');
    expect(readDriverVersion(path)).toBe('535.183.01');
    expect(() => requireDriver('535.183.01')).not.toThrow();
    expect(() => requireDriver('470.82')).toThrow();
    expect(readDriverVersion(join(dir, 'nothing'))).toBeUndefined();
  });

  it('names each CUDA library that is in no folder', () => {
    writeFileSync(join(dir, 'libcudart.so.12'), '');
    const { found, missing } = findCudaLibraries([join(dir, 'nothing'), dir]);
    expect([...found]).toEqual([['libcudart.so.12', dir]]);
    expect(missing).toContain('libcudnn.so.9');
    expect(missing).not.toContain('libcudart.so.12');
  });

  it.each([
    [Object.assign(new Error('write'), { code: 'ENOSPC' }), 'setup/disk-full'],
    [Object.assign(new Error('write'), { code: 'EDQUOT' }), 'setup/disk-full'],
    [Object.assign(new Error('stop'), { name: 'AbortError' }), 'setup/stopped'],
    [new Error('other'), 'setup/failed'],
  ])('%s becomes %s', (error, code) => {
    expect(diagnosticOf(error, dir).code).toBe(code);
  });

  it('does not take every word for a full disk', () => {
    expect(() => throwIfDiskFull({ code: 1, out: '', err: 'disk is fine, space left' })).not.toThrow();
  });
});

describe('the cache', () => {
  const manifest = {
    format: 'convloom.tensorflow',
    version: 1,
    tensorflow: '2.21.0',
    tfjsNode: '4.22.0',
    variant: 'cpu',
    platform: process.platform,
    arch: process.arch,
    source: 'test',
    folder: null,
    device: 'CPU',
    driver: null,
    files: [{ path: 'library', bytes: 4 }],
  };

  function addBuild(changes: Partial<Record<keyof typeof manifest, unknown>>, name: string, content = 'main'): string {
    const path = join(dir, name);
    mkdirSync(path);
    writeFileSync(join(path, 'library'), content);
    writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...manifest, ...changes }));
    return path;
  }

  it('is where the platform keeps what can be fetched again', () => {
    expect(cacheDir({}, 'linux', '/home/a')).toBe('/home/a/.cache/convloom');
    expect(cacheDir({ XDG_CACHE_HOME: '/big' }, 'linux', '/home/a')).toBe('/big/convloom');
    expect(cacheDir({ XDG_CACHE_HOME: 'relative' }, 'linux', '/home/a')).toBe('/home/a/.cache/convloom');
    expect(cacheDir({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Caches/Convloom');
  });

  it('prefers CUDA, then the latest', () => {
    addBuild({ tensorflow: '2.9.1' }, buildName('2.9.1', 'cpu'));
    const latest = addBuild({}, buildName('2.21.0', 'cpu'));
    expect(findInstalled({}, dir).dir).toBe(latest);
    const cuda = addBuild({ variant: 'gpu', tensorflow: '2.18.0' }, buildName('2.18.0', 'gpu'));
    expect(findInstalled({}, dir).dir).toBe(cuda);
  });

  it('takes only a build against the folder that is named', () => {
    addBuild({}, buildName('2.21.0', 'cpu'));
    expect(isInstalled(findInstalled({ CONVLOOM_TENSORFLOW: '/opt/tf' }, dir))).toBe(false);
    const own = addBuild({ folder: '/opt/tf' }, buildName('2.21.0', 'cpu', '-own'));
    expect(findInstalled({ CONVLOOM_TENSORFLOW: '/opt/tf' }, dir).dir).toBe(own);
  });

  it.each([
    ['cut short', 'ma', 'has changed'],
    ['gone', undefined, 'is missing'],
  ])('says which file of a build is %s', (_, content, reason) => {
    const path = addBuild({}, buildName('2.21.0', 'cpu'), content ?? 'main');
    if (content === undefined) rmSync(join(path, 'library'));
    const found = findInstalled({}, dir);
    expect(isInstalled(found)).toBe(false);
    expect(isInstalled(found) ? '' : found.reason).toContain(`library ${reason}`);
  });

  it('passes over builds for another machine', () => {
    addBuild({ arch: 'mips' }, buildName('2.21.0', 'cpu'));
    expect(isInstalled(findInstalled({}, dir))).toBe(false);
  });
});
