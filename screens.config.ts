import { defineConfig } from '@playwright/test';
import config from './playwright.config';

/**
 * What `npm test` leaves out of the browser tests, for its time: every screen in every pair of language and theme, the cards of every
 * template, the app's own benchmark, and flows that repeat in another way what another flow or a unit test shows. `npm run screens`.
 */
export default defineConfig(config, { grepInvert: [], grep: /@all/ });
