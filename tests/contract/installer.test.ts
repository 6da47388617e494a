import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { linkScheme, networkFilesIn } from '../../electron/main/openedFiles';

const root = join(import.meta.dirname, '..', '..');

/** What is used of electron-builder's schema; a key that is written wrong is none of these. */
const icon = z.string();
const configSchema = z.strictObject({
  appId: z.string().regex(/^[a-z]+(\.[a-z]+)+$/),
  productName: z.string(),
  copyright: z.string(),
  directories: z.strictObject({ output: z.string() }),
  files: z.array(z.string()),
  asar: z.literal(true),
  asarUnpack: z.array(z.string()),
  npmRebuild: z.literal(false),
  publish: z.null(),
  electronFuses: z.record(z.string(), z.boolean()),
  fileAssociations: z.array(
    z.strictObject({
      ext: z.string(),
      name: z.string(),
      description: z.string(),
      mimeType: z.string(),
      role: z.literal('Editor'),
    }),
  ),
  protocols: z.array(z.strictObject({ name: z.string(), schemes: z.array(z.string()) })),
  linux: z.strictObject({
    target: z.array(z.string()),
    icon,
    category: z.string(),
    maintainer: z.string(),
    synopsis: z.string(),
  }),
  deb: z.strictObject({ depends: z.array(z.string()) }),
  win: z.strictObject({ target: z.array(z.string()), icon }),
  nsis: z.strictObject({
    oneClick: z.boolean(),
    perMachine: z.boolean(),
    allowToChangeInstallationDirectory: z.boolean(),
    deleteAppDataOnUninstall: z.literal(false),
  }),
  mac: z.strictObject({
    target: z.array(z.string()),
    icon,
    category: z.string(),
    hardenedRuntime: z.literal(true),
    entitlements: z.string(),
    entitlementsInherit: z.string(),
    // macOS ends an app that asks for the camera and does not say why.
    extendInfo: z.strictObject({ NSCameraUsageDescription: z.string().min(1) }),
  }),
});

let config: z.infer<typeof configSchema>;
beforeAll(async () => {
  const module = (await import(pathToFileURL(join(root, 'electron-builder.config.mjs')).href)) as { default: unknown };
  config = configSchema.parse(module.default);
});

/** A pattern of files as electron-builder reads it: `**` any folders, `*` within one. */
function matcher(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`);
}

/** The last pattern that a file fits decides. */
function isPacked(path: string): boolean {
  return config.files.reduce((is, pattern) => {
    const isWithout = pattern.startsWith('!');
    return matcher(isWithout ? pattern.slice(1) : pattern).test(path) ? !isWithout : is;
  }, false);
}

describe('an app that installs', () => {
  it('is configured for Linux, Windows and macOS, with icons that are large enough', () => {
    expect([config.linux.target, config.win.target, config.mac.target]).toEqual([
      ['AppImage', 'deb'],
      ['nsis'],
      ['dmg'],
    ]);
    for (const path of [config.linux.icon, config.win.icon, config.mac.icon]) {
      const png = readFileSync(join(root, path));
      expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', 512, 512]);
    }
  });

  it('may see through the camera on macOS, compile as it runs, and load engines that others signed, and nothing else', () => {
    for (const path of [config.mac.entitlements, config.mac.entitlementsInherit]) {
      const granted = [...readFileSync(join(root, path), 'utf8').matchAll(/<key>(.+)<\/key>\s*<true\/>/g)];
      expect(granted.map(([, name]) => name)).toEqual([
        'com.apple.security.cs.allow-jit',
        'com.apple.security.cs.disable-library-validation',
        'com.apple.security.device.camera',
      ]);
    }
  });

  it('packs what was built, and no sources, tests, maps or benchmarks', () => {
    const built = readdirSync(join(root, 'out'), { recursive: true, encoding: 'utf8' }).map((path) =>
      `out/${path}`.replaceAll(sep, '/'),
    );
    const kept = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    const packed = new Set([...built, ...kept].filter(isPacked));
    for (const path of [
      'package.json',
      'LICENSE',
      'out/main/index.js',
      'out/main/trainer.js',
      'out/main/pictureWorker.js',
      'out/main/hdfWorker.js',
      'out/main/importWorker.js',
      'out/main/THIRD-PARTY.txt',
      'out/preload/index.cjs',
      'out/renderer/index.html',
      'out/renderer/THIRD-PARTY.txt',
      'templates/lenet/network.json',
    ])
      expect([path, packed.has(path), existsSync(join(root, path))]).toEqual([path, true, true]);
    const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly main: string };
    expect(packed.has(main.replace(/^\.\//, ''))).toBe(true);
    const strange = [...packed].filter(
      (path) =>
        !/^(?:out|templates)\/|^(?:package\.json|LICENSE|CHANGELOG\.md)$/.test(path) || /\.map$|benchWorker/.test(path),
    );
    expect(strange).toEqual([]);
  });

  it('leaves every native module of the build outside of the archive, where the system can load it', () => {
    const native = readdirSync(join(root, 'out'), { recursive: true, encoding: 'utf8' })
      .map((path) => `out/${path}`.replaceAll(sep, '/'))
      .filter((path) => /\.(?:node|so(?:\.\d+)*|dll|dylib)$/.test(path));
    expect(native.length).toBeGreaterThan(0);
    const inside = native.filter((path) => !config.asarUnpack.some((pattern) => matcher(pattern).test(path)));
    expect(inside).toEqual([]);
  });

  it('has the fuses blown that would make another program of it', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
      enableCookieEncryption: true,
    });
  });

  it('is started by its files and links, and asks no server for updates', () => {
    const [association] = config.fileAssociations;
    expect(networkFilesIn(['app', `/a/net.${association?.ext ?? ''}`], '/')).toEqual(['/a/net.convloom']);
    expect(config.protocols[0]?.schemes).toEqual([linkScheme]);
    expect(config.publish).toBeNull();
    const sources = readdirSync(join(root, 'electron'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    const updaters = sources.filter((path) =>
      /autoUpdater|electron-updater/.test(readFileSync(join(root, 'electron', path), 'utf8')),
    );
    expect(updaters).toEqual([]);
  });
});
