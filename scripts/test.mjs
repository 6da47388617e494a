/**
 * `npm test`: installs and builds what is missing, then every check, each named. All of them run even when one fails, so that one
 * run tells everything; the last line is the total over the unit and browser tests, and before it stands what was skipped and why.
 */
import { Buffer } from 'node:buffer';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { failedBrowserTests, failedUnitTests } from './failed.mjs';
import { ensureDependencies, fail, root, runPackage, say } from './setup.mjs';
import { skippedBrowserTests, skippedLines, skippedUnitTests } from './skipped.mjs';
import { ensureTensorflow } from './tensorflow.mjs';

function hasChineseFont() {
  const result = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.trim() !== '';
}

/** Runs a program to its end beside whatever else goes on here; what it says on stdout is not wanted. */
function runBeside(command, args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', () => resolve(127));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

const isDebian = process.platform === 'linux' && existsSync('/usr/bin/apt-get');
const canInstall = isDebian && process.getuid?.() === 0;

/** Chromium, and a font with Chinese characters for the Chinese form of the app. */
async function installBrowser() {
  if (findBrowser() !== undefined && hasChineseFont()) return;
  say('Installing Chromium and a Chinese font for the browser tests ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '-qq', '--no-install-recommends'];
  await runBeside('apt-get', ['update', '-qq'], env);
  await runBeside('apt-get', [...install, 'chromium', 'fontconfig', 'fonts-noto-cjk'], env);
  // Older releases have it not, and Chromium does as well: only slower.
  await runBeside('apt-get', [...install, 'chromium-headless-shell'], env);
}

/** The browser tests need Chromium: puts it here where that can be done, else says how it comes here. */
async function ensureBrowser() {
  if (canInstall) await installBrowser();
  const browser = findBrowser();
  if (browser === undefined) {
    fail(
      isDebian
        ? 'The browser tests need Chromium: run `sudo apt-get install chromium fonts-noto-cjk`, or set CHROMIUM_PATH to one.'
        : 'The browser tests need Chrome or Chromium: install one, or set CHROMIUM_PATH to its binary.',
    );
  }
  // Where Debian puts it, the tests find it themselves, and its quicker shell.
  if (browser !== '/usr/bin/chromium') process.env.CHROMIUM_PATH = browser;
}

const reports = join(root, '.cache', 'reports');
const unitReport = join(reports, 'unit.json');
const browserReport = join(reports, 'browser.json');

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

/** Passed and failed tests over both runners; a runner without a report counts as one failure. */
function countTests() {
  const unit = readReport(unitReport);
  const browser = readReport(browserReport);
  const unitFailed = unit === undefined ? 1 : unit.numFailedTests;
  // A suite that cannot even be loaded has no tests of its own to fail.
  const brokenSuites =
    unit?.testResults.filter((suite) => suite.status === 'failed' && suite.assertionResults.length === 0).length ?? 0;
  const browserFailed = browser === undefined ? 1 : browser.stats.unexpected + browser.errors.length;
  return {
    passed: (unit?.numPassedTests ?? 0) + (browser?.stats.expected ?? 0) + (browser?.stats.flaky ?? 0),
    failed: unitFailed + brokenSuites + browserFailed,
    failures: [...failedUnitTests(unit), ...failedBrowserTests(browser)],
    skipped: [...skippedUnitTests(unit), ...skippedBrowserTests(browser)],
  };
}

const tsc = 'typescript-native/bin/tsc';
/** Checks that only read the sources: a package's file and what it is told. The longest comes first. */
const checks = [
  // In two, so that both cores have the same to do.
  ...[
    ['renderer', ['renderer']],
    ['all else', ['.', '--ignore-pattern', 'renderer/']],
  ].map(([name, args]) => [`lint: ${name}`, 'eslint/bin/eslint.js', [...args, '--max-warnings', '0']]),
  ...['shared', 'electron', 'renderer', 'templates', 'tests'].map((project) => [
    `types: ${project}`,
    tsc,
    ['-p', project],
  ]),
  ['format', 'oxfmt/bin/oxfmt', ['--check', '.']],
];

/** One check; what it prints comes when it ends, since others print meanwhile. */
function runCheck([name, file, args]) {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    // Rules that need types are for `npm run lint`.
    const env = { ...process.env, CONVLOOM_QUICK_LINT: '1' };
    const child = spawn(process.execPath, [join(root, 'node_modules', file), ...args], { cwd: root, env });
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => printed.push(chunk));
    child.on('error', (error) => printed.push(Buffer.from(String(error))));
    child.on('close', (code) => {
      say(`\n== ${name}`);
      process.stderr.write(Buffer.concat(printed));
      resolve({ name, ok: code === 0, time: seconds(startedAt) });
    });
  });
}

/** All checks, two at a time: each keeps one core busy. */
async function runChecks() {
  const waiting = [...checks];
  const ended = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) ended.push(await runCheck(next));
  };
  await Promise.all([work(), work()]);
  return checks.map(([name]) => ended.find((outcome) => outcome.name === name));
}

const steps = [
  [
    'unit, contract, oracle and golden tests',
    () =>
      runPackage('vitest/vitest.mjs', [
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${unitReport}`,
      ]),
  ],
  [
    'browser tests',
    () =>
      runPackage('@playwright/test/cli.js', ['test', '--reporter=list,json'], {
        env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport },
      }),
  ],
];

const seconds = (startedAt) => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

/** The build, and then TensorFlow, whose set-up is a command of the build; gives why TensorFlow is not there, if so. */
async function prepareEngines() {
  if ((await runBeside(process.execPath, [join(root, 'scripts', 'build.mjs')])) !== 0) fail('Nothing was built.');
  return await ensureTensorflow();
}

mkdirSync(reports, { recursive: true });
for (const report of [unitReport, browserReport]) rmSync(report, { force: true });

// Fetching packages leaves the cores idle, and the checks that read the sources need nothing of it but npm's.
const browserReady = ensureBrowser();
ensureDependencies();
const enginesReady = prepareEngines();
const outcomes = await runChecks();
await browserReady;
const noTensorflow = await enginesReady;
for (const [name, step] of steps) {
  say(`\n== ${name}`);
  const startedAt = performance.now();
  outcomes.push({ name, ok: step() === 0, time: seconds(startedAt) });
}

const totals = countTests();
say('\n== summary');
for (const { name, ok, time } of outcomes) say(`${ok ? 'passed' : 'FAILED'}  ${name}  (${time})`);
for (const line of totals.failures) say(line.replaceAll(root, '.'));
for (const line of skippedLines(totals.skipped)) say(line);
// Whoever has set it up by hand meanwhile has no use for the old reason.
if (noTensorflow !== undefined && totals.skipped.some((reason) => /^TensorFlow/.test(reason)))
  say(`The tests of the TensorFlow engine: ${noTensorflow}`);
const brokenChecks = outcomes.slice(0, -2).filter(({ ok }) => !ok).length;
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
process.stdout.write(`${totals.passed} passed, ${totals.failed + brokenChecks} failed\n`);
