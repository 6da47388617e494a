/**
 * `npm run dist`: an app that installs, for this system, into .cache/dist (docs/packaging.md). electron-builder is not among the packages of
 * this checkout, since it is needed for this alone; its words are passed on: `npm run dist -- --linux deb`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensureDependencies, fail, root, runPackage } from './setup.mjs';

ensureDependencies();
if (!existsSync(join(root, 'node_modules', 'electron-builder'))) {
  fail('electron-builder is not here yet: `npm install --no-save electron-builder@26`, then again.');
}
ensureBuild();
const config = join(root, 'electron-builder.config.mjs');
process.exitCode = runPackage('electron-builder/cli.js', [
  '--config',
  config,
  '--publish',
  'never',
  ...process.argv.slice(2),
]);
