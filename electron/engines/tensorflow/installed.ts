import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { cacheDir } from '../../files/paths';
import type { Environment } from '../../files/paths';

/** Which kernels a build has. */
export type TensorflowVariant = 'cpu' | 'gpu';

/**
 * The Node-API level that the addon is built for. One build serves every Node and Electron that knows this level (Node 18.17
 * and later), so nothing is built twice.
 */
export const napiVersion = 8;

const manifestSchema = z.object({
  format: z.literal('convloom.tensorflow'),
  version: z.literal(1),
  tensorflow: z.string(),
  tfjsNode: z.string(),
  variant: z.enum(['cpu', 'gpu']),
  platform: z.string(),
  arch: z.string(),
  /** Where TensorFlow came from, in words. */
  source: z.string(),
  /** The folder that the user named, if one was. */
  folder: z.string().nullable(),
  /** What the check saw: the device in words, and the GPU driver that was loaded (null without one). */
  device: z.string(),
  driver: z.string().nullable(),
  /** Paths relative to the build's folder, with their sizes in bytes: enough to see that a file has gone or been cut short. */
  files: z.array(z.object({ path: z.string(), bytes: z.number() })),
});

/** What a finished build says of itself, in `manifest.json`; written last, so that a folder with one is whole. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A build in the cache. */
export type InstalledTensorflow = {
  readonly dir: string;
  readonly addonPath: string;
  /** The folder of the package @tensorflow/tfjs-node. */
  readonly packageDir: string;
  readonly manifest: Manifest;
};

/** Why the engine cannot run here, with the piece that is missing. */
export type MissingTensorflow = { readonly dir: string; readonly reason: string };

export const manifestName = 'manifest.json';
export const packagePath = join('node_modules', '@tensorflow', 'tfjs-node');
export const addonPath = join(packagePath, 'lib', `napi-v${napiVersion}`, 'tfjs_binding.node');

/** The name of a build's folder; `mark` tells builds against a folder of the user's own apart. */
export function buildName(tensorflow: string, variant: TensorflowVariant, mark = ''): string {
  return `tensorflow-${tensorflow}-${variant}-napi${napiVersion}${mark}`;
}

function readManifest(dir: string): Manifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(readFileSync(join(dir, manifestName), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** A build is usable when every file it was verified with is still there at its full size. */
export function checkBuild(dir: string): InstalledTensorflow | MissingTensorflow {
  const manifest = readManifest(dir);
  if (manifest === undefined) return { dir, reason: `${join(dir, manifestName)} is missing or unreadable` };
  for (const { path, bytes } of manifest.files) {
    const file = join(dir, path);
    if (!existsSync(file)) return { dir, reason: `${file} is missing` };
    if (statSync(file).size !== bytes) return { dir, reason: `${file} has changed since it was set up` };
  }
  return { dir, addonPath: join(dir, addonPath), packageDir: join(dir, packagePath), manifest };
}

export function isInstalled(build: InstalledTensorflow | MissingTensorflow): build is InstalledTensorflow {
  return 'manifest' in build;
}

/**
 * The build to use: one against the folder that `CONVLOOM_TENSORFLOW` names, if it is set; else CUDA before CPU, and the latest.
 * If none is usable, why the best candidate is not.
 */
export function findInstalled(
  environment: Environment = process.env,
  root: string = cacheDir(environment),
): InstalledTensorflow | MissingTensorflow {
  const names = existsSync(root) ? readdirSync(root).filter((name) => /^tensorflow-\d/.test(name)) : [];
  const builds = names.map((name) => checkBuild(join(root, name)));
  const named = environment['CONVLOOM_TENSORFLOW'];
  const folder = named === undefined || named === '' ? undefined : resolve(named);
  const usable = builds
    .filter(isInstalled)
    .filter(({ manifest }) => manifest.platform === process.platform && manifest.arch === process.arch)
    .filter(({ manifest }) => folder === undefined || manifest.folder === folder)
    .sort((a, b) => preference(b.manifest).localeCompare(preference(a.manifest), 'en', { numeric: true }));
  const [best] = usable;
  if (best !== undefined) return best;
  const broken = builds.find((build): build is MissingTensorflow => !isInstalled(build));
  const place = folder === undefined ? root : `${root} for ${folder}`;
  return broken ?? { dir: root, reason: `it has not been set up: there is no build in ${place}` };
}

function preference({ variant, tensorflow }: Manifest): string {
  return `${variant === 'gpu' ? 1 : 0} ${tensorflow}`;
}
