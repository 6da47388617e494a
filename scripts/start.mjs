/** `npm start`: from a fresh clone to the open app. Arguments after `--` go to the app. */
import { ensureBuild, ensureDependencies, openApp } from './setup.mjs';

ensureDependencies();
ensureBuild();
process.exitCode = await openApp(process.argv.slice(2), { mayFetch: true });
