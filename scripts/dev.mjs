/** `npm run dev`: the app with live reload in Electron; without its binary, a build that follows the sources, served. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuild, ensureDependencies, findElectron, root, runPackage, say } from './setup.mjs';

ensureDependencies();
const electronVite = 'electron-vite/bin/electron-vite.js';
if (findElectron() !== undefined) {
  process.exitCode = runPackage(electronVite, ['dev', ...process.argv.slice(2)]);
} else {
  say(
    "Electron's binary is not installed: the build follows the sources, and the browser form serves it. Reload to see a change.",
  );
  ensureBuild();
  const watcher = spawn(process.execPath, [join(root, 'node_modules', electronVite), 'build', '--watch'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.exitCode = runPackage('../bin/convloom.mjs', ['serve', ...process.argv.slice(2)]);
  watcher.kill();
}
