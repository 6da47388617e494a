/** `npm run build`: all forms of the app into out/, if the sources are newer than what is there. */
import { ensureBuild, ensureDependencies } from './setup.mjs';

ensureDependencies();
ensureBuild();
