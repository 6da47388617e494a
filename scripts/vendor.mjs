/**
 * Puts ONNX Runtime beside the bundles, in out/node_modules, where they find it before any other: the package's own install script
 * fetches CUDA libraries from the net, which the app does not use and without which an offline install fails. Only the libraries of
 * one platform come along: each is some 50 MB.
 */
import { constants, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Of its dependencies the others are what the install script downloads with. */
const packages = ['onnxruntime-node', 'onnxruntime-common'];

/** Copies the packages from `root`'s node_modules; the files are clones where the disk can make some. */
export function vendorRuntime(root, { platform = process.platform, arch = process.arch } = {}) {
  const target = join(root, 'out', 'node_modules');
  rmSync(target, { recursive: true, force: true });
  for (const name of packages) {
    const source = join(root, 'node_modules', name);
    if (!existsSync(source)) continue;
    cpSync(source, join(target, name), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => isWanted(path.slice(source.length + 1), platform, arch),
    });
    const manifestFile = join(target, name, 'package.json');
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    const dependencies = Object.entries(manifest.dependencies ?? {}).filter(([other]) => packages.includes(other));
    manifest.dependencies = Object.fromEntries(dependencies);
    delete manifest.scripts;
    delete manifest.devDependencies;
    writeFileSync(manifestFile, JSON.stringify(manifest, null, 2));
  }
}

/** Whether a file of a package is needed to run: not sources, types and maps, and libraries of one platform only. */
function isWanted(path, platform, arch) {
  const [folder, , system, machine] = path.split(sep);
  if (folder === 'bin' && system !== undefined)
    return system === platform && (machine === undefined || machine === arch);
  return !['script', 'lib', 'node_modules'].includes(folder) && !/\.(?:map|d\.[cm]?ts)$/.test(path);
}
