#!/usr/bin/env node
/** The `convloom` command. Without a command it opens the app; everything else is electron/cli, in its built form. */
import { buildState, ensureBuild, isInstalled, openApp, say } from '../scripts/setup.mjs';

if (!isInstalled()) {
  say('Convloom is not set up yet: run `npm start` or `npm ci` here first.');
  process.exit(2);
}
const state = buildState();
if (state === 'missing') ensureBuild();
if (state === 'stale') say('Note: the build in out/ is older than the sources; `npm run build` renews it.');

const args = process.argv.slice(2);
if (args.length === 0) {
  process.exitCode = await openApp([], { mayFetch: false });
} else {
  const { runCommandLine } = await import('../out/main/cli.js');
  process.exitCode = await runCommandLine(args);
}
