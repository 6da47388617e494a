import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostEvents } from '../../shared/host/api';
import { parseNetwork } from '../../shared/document/parse';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { connectAsPage } from '../support/electron-double/connectAsPage';
import { launchElectron } from '../support/electron-double/launch';
import { describeUnless } from '../support/skip';

/** What marks the fuses in Electron's binary; a version, their number, and one character each follow (electron/fuses). */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseNames = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
];

const root = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/** What is used of `@electron/asar`, which comes with electron-builder. */
type AsarModule = {
  createPackage(folder: string, file: string): Promise<void>;
  listPackage(file: string): string[];
  extractAll(file: string, folder: string): void;
};

/**
 * electron-builder itself, over a stand-in for Electron's distribution: a file with Electron's fuses in the place of the binary. What is
 * packed is then unpacked, and runs under the double of Electron, away from this checkout.
 */
describeUnless(
  process.platform === 'linux' ? null : 'the packed folder is laid out as on Linux',
  'a packed app',
  () => {
    let folder = '';
    let scratch = '';
    let packed = '';
    let asar: AsarModule;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'convloom-packing-'));
      const tools = join(folder, 'tools');
      await mkdir(tools);
      await writeFile(join(tools, 'package.json'), '{ "private": true }');
      await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', 'electron-builder@26'], {
        cwd: tools,
      });
      const { href } = pathToFileURL(join(tools, 'node_modules', '@electron', 'asar', 'lib', 'asar.js'));
      asar = ((await import(href)) as { readonly default?: AsarModule } & AsarModule).default!;

      const electron = join(folder, 'electron');
      await mkdir(join(electron, 'resources'), { recursive: true });
      const intact = `\u0001${String.fromCharCode(fuseNames.length)}10111000`;
      await writeFile(join(electron, 'electron'), `#!/bin/false\n${fuseSentinel}${intact}`, { mode: 0o755 });
      await mkdir(join(folder, 'default'));
      await writeFile(join(folder, 'default', 'package.json'), '{}');
      await asar.createPackage(join(folder, 'default'), join(electron, 'resources', 'default_app.asar'));

      await run(process.execPath, ['scripts/build.mjs'], { cwd: root });
      const settings = ['--config', join(root, 'electron-builder.config.mjs'), '--publish', 'never', '--linux', 'dir'];
      const places = [`-c.electronDist=${electron}`, `-c.directories.output=${join(folder, 'dist')}`];
      const builder = join(tools, 'node_modules', 'electron-builder', 'cli.js');
      await run(process.execPath, [builder, '--projectDir', root, ...settings, ...places], {
        cwd: root,
        maxBuffer: 1e8,
      });
      packed = join(folder, 'dist', 'linux-unpacked');
      // The double's bundle finds its packages only from inside the repository.
      await mkdir(join(root, '.cache'), { recursive: true });
      scratch = await mkdtemp(join(root, '.cache', 'packing-'));
    });
    afterAll(async () => {
      for (const made of [folder, scratch].filter((path) => path !== ''))
        await rm(made, { recursive: true, force: true });
    });

    it('has its fuses blown', async () => {
      const binary = await readFile(join(packed, 'convloom'), 'latin1');
      const wire = binary.slice(binary.indexOf(fuseSentinel) + fuseSentinel.length + 2);
      const states = Object.fromEntries(fuseNames.map((name, at) => [name, wire[at] === '1']));
      expect(states).toEqual({
        runAsNode: false,
        enableCookieEncryption: true,
        enableNodeOptionsEnvironmentVariable: false,
        enableNodeCliInspectArguments: false,
        enableEmbeddedAsarIntegrityValidation: true,
        onlyLoadAppFromAsar: true,
        loadBrowserProcessSpecificV8Snapshot: false,
        grantFileProtocolExtraPrivileges: false,
      });
    });

    it('holds what runs, and what the system loads lies outside of the archive', async () => {
      const files = asar.listPackage(join(packed, 'resources', 'app.asar'));
      for (const path of [
        '/package.json',
        '/out/main/index.js',
        '/out/preload/index.cjs',
        '/templates/lenet/network.json',
      ])
        expect(files).toContain(path);
      expect(files.filter((path) => /^\/(?:tests|electron|renderer|shared)\//.test(path))).toEqual([]);
      // What no Node reads: of TensorFlow.js alone that was twice as much as all the rest.
      expect(files.filter((path) => /\/core-js\/|\.d\.[cm]?ts$|\/tf[\w-]*\.(?:min|fesm|es2017)\./.test(path))).toEqual(
        [],
      );
      expect((await stat(join(packed, 'resources', 'app.asar'))).size).toBeLessThan(45_000_000);
      const outside = await readdir(join(packed, 'resources', 'app.asar.unpacked'), { recursive: true });
      const native = files.filter((path) => /\.(?:node|so(?:\.\d+)*)$/.test(path)).map((path) => path.slice(1));
      expect(native.length).toBeGreaterThan(2);
      expect(native.filter((path) => !outside.includes(path))).toEqual([]);
    });

    it('opens, trains and draws away from this checkout', async () => {
      const appRoot = join(folder, 'app');
      asar.extractAll(join(packed, 'resources', 'app.asar'), appRoot);
      await cp(join(packed, 'resources', 'app.asar.unpacked'), appRoot, { recursive: true });
      const app = await launchElectron({ appRoot, scratch, env: { CONVLOOM_HOME: join(folder, 'home') } });
      try {
        const host = await connectAsPage(app);
        const templates = await host.request('templates.list', {});
        expect(templates.ok && templates.value.map(({ id }) => id)).toContain('lenet');

        const document = parseNetwork(await readFile(join(appRoot, 'templates/lenet-gap/network.json'), 'utf8'));
        if (!document.ok) throw new Error('The packed template does not parse.');
        for (const engine of ['onnxruntime', 'tfjs'] as const) {
          const ended = new Promise<HostEvents['run.event']['event']>((resolve) => {
            host.on('run.event', ({ event }) => {
              if (event.type === 'finished' || event.type === 'failed') resolve(event);
            });
          });
          const config = { ...defaultTrainingConfig, data: 'mnist', epochs: 1, testFraction: 0.8, engine } as const;
          expect(await host.request('run.start', { document: document.value, config })).toMatchObject({ ok: true });
          expect([engine, await ended]).toMatchObject([engine, { type: 'finished' }]);
        }

        const path = join(folder, 'figure.png');
        const request = { document: document.value, target: 'png', model: null, path, overwrite: false } as const;
        expect(await host.request('export.write', request)).toMatchObject({ ok: true });
        expect(existsSync(path)).toBe(true);
      } finally {
        await app.close();
      }
      expect(app.errorOutput()).toBe('');
    });
  },
);
