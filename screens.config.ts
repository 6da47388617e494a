import { defineConfig } from '@playwright/test';
import config from './playwright.config';

/** What `npm test` leaves out of the browser tests: every screen in every pair of language and theme, every template, the app's own benchmark. `npm run screens`. */
export default defineConfig(config, { grepInvert: [], grep: /@all/ });
