/**
 * What `npm start`, `npm test` and `npx convloom` share: getting from a bare checkout to a built app. Plain Node with no
 * dependency, because it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vendorRuntime } from './vendor.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** False where this is the installed package: npm has brought what it needs, and its build came with it. */
const isCheckout = existsSync(join(root, 'package-lock.json'));

/** One line of progress, on stderr so that a command's data stays alone on stdout. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends the process with a reason and no stack: the reader is a user, not a programmer. */
export function fail(line) {
  say(line);
  process.exit(1);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Runs a program to its end with the terminal's own streams; stdout goes to stderr where the caller's stdout is data. */
export function run(command, args, { quiet = false, env = process.env } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env,
    stdio: ['inherit', quiet ? process.stderr.fd : 'inherit', 'inherit'],
    shell: process.platform === 'win32' && !command.endsWith('.exe'),
  });
  return result.status ?? 1;
}

/** Runs a JavaScript file of an installed package with this Node. */
export function runPackage(file, args, options) {
  return run(process.execPath, [join(root, 'node_modules', file), ...args], options);
}

/**
 * Compares the lockfile with npm's record of what it installed, by content: times lie after a checkout or an unpacked cache.
 * Optional packages may be missing (other platforms').
 */
export function isInstalled() {
  if (!isCheckout) return true;
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  const found = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (wanted === undefined || found === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link === true) return true;
    const installed = found[path];
    if (installed === undefined) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return installed.version === entry.version;
  });
}

/**
 * Puts `convloom` beside the installed commands. npx finds a package's own command without this, but then copies the package into its
 * cache first. Where links are not allowed, that way stays.
 */
function linkCommand() {
  const link = join(root, 'node_modules', '.bin', 'convloom');
  if (process.platform === 'win32' || existsSync(link)) return;
  try {
    symlinkSync(join('..', '..', 'bin', 'convloom.mjs'), link);
  } catch {
    // A folder that cannot be written to, or another set-up that was quicker.
  }
}

/** Installs what the lockfile names, if it is not there already. */
export function ensureDependencies() {
  if (!isInstalled()) install();
  linkCommand();
}

function install() {
  say('Installing packages (about a minute) ...');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund'];
  // npm names its own script when it runs us; without it, npm is found on the path.
  const status =
    npm !== undefined && /\.[cm]?js$/.test(npm)
      ? run(process.execPath, [npm, ...args], { quiet: true })
      : run('npm', args, { quiet: true });
  if (status !== 0) fail('npm ci failed: see the lines above. The network or the npm registry may be out of reach.');
}

const sources = ['electron', 'renderer', 'shared', 'package-lock.json', 'electron.vite.config.ts'];
const stampFile = join(root, 'out', 'sources.sha256');

/**
 * A digest over names and contents of everything that goes into the build: a deleted file counts too. Not over times, which a copy or a
 * checkout makes anew; reading all of it takes some hundredths of a second.
 */
function digestSources() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      hash.update(`${path} ${stat.size}\n`).update(readFileSync(join(root, path)));
      return;
    }
    for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
  };
  for (const path of sources) visit(path);
  return hash.digest('hex');
}

/** Whether out/ holds a build, and whether it is of today's sources. */
export function buildState() {
  if (!isCheckout) return 'fresh';
  if (!existsSync(join(root, 'out', 'main', 'cli.js')) || !existsSync(stampFile)) return 'missing';
  return readFileSync(stampFile, 'utf8') === digestSources() ? 'fresh' : 'stale';
}

/** Builds all forms of the app into out/ when the build is missing or older than the sources. */
export function ensureBuild() {
  if (buildState() === 'fresh') return;
  say('Building the app ...');
  const digest = digestSources();
  if (runPackage('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'error'], { quiet: true }) !== 0) {
    fail('The build failed: see the lines above.');
  }
  vendorRuntime(root);
  writeFileSync(stampFile, digest);
}

const electronDir = join(root, 'node_modules', 'electron');
const electronMemory = join(root, '.cache', 'electron.json');
const fetchLimitMs = 300_000;

/**
 * The path of Electron's binary, if it is installed. Never by importing `electron`: that starts a download, and throws
 * when it cannot.
 */
export function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const relative = join(electronDir, 'path.txt');
  if (override === undefined && !existsSync(relative)) return undefined;
  const name = existsSync(relative)
    ? readFileSync(relative, 'utf8').trim()
    : process.platform === 'win32'
      ? 'electron.exe'
      : 'electron';
  const binary = join(override ?? join(electronDir, 'dist'), name);
  return existsSync(binary) ? binary : undefined;
}

/** True if something answers at the host within three seconds; a black hole must not cost minutes. */
function canReach(host, port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 3000 });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** Runs Electron's own installer once; a failure is remembered for this version, so that later starts do not wait for it. */
async function fetchElectron(again) {
  const version = readJson(join(electronDir, 'package.json'))?.version;
  const memory = readJson(electronMemory);
  const hint = '`npm start -- --fetch-electron` tries again';
  if (!again && memory?.version === version) return { why: `${memory.why} (${hint})` };
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/';
  const proxied = ['https_proxy', 'HTTPS_PROXY', 'ELECTRON_GET_USE_PROXY'].some((name) => process.env[name]);
  const address = new URL(mirror);
  let why;
  if (!proxied && !(await canReach(address.hostname, Number(address.port || 443)))) {
    why = `Electron's binary is not installed and ${address.hostname}, which has it, is out of reach`;
  } else {
    say('Fetching Electron (about 120 MB, once) ...');
    const result = spawnSync(process.execPath, [join(electronDir, 'install.js')], {
      cwd: root,
      timeout: fetchLimitMs,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    const binary = findElectron();
    if (binary !== undefined) return { binary };
    const firstLine = result.stderr?.split('\n').find((line) => line.trim() !== '') ?? 'it gave no reason';
    const reason = result.signal === null ? firstLine.trim() : `it took longer than ${fetchLimitMs / 60_000} minutes`;
    why = `Electron's binary could not be fetched: ${reason}`;
  }
  mkdirSync(dirname(electronMemory), { recursive: true });
  writeFileSync(electronMemory, JSON.stringify({ version, why }));
  return { why: `${why} (${hint})` };
}

/** Whether a window can be opened here at all. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);
}

/** Either Electron's binary, or in one sentence why the browser form is used instead. */
async function chooseForm(args, mayFetch) {
  // The package is the browser form and the command line; Electron comes with the installers.
  if (args.includes('--browser') || !isCheckout) return { why: undefined };
  const asks = args.includes('--fetch-electron');
  if (!hasDisplay() && !asks) return { why: 'There is no display for a window' };
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return { why: 'Electron keeps its sandbox only for ordinary users, and this is root' };
  }
  const binary = findElectron();
  if (binary !== undefined) return { binary };
  return mayFetch ? await fetchElectron(asks) : { why: "Electron's binary is not installed" };
}

function runToEnd(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: process.cwd(), stdio: 'inherit' });
    // The terminal sends Ctrl-C to the child as well; waiting for its clean end is what is left to do here.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.once('error', () => resolve(127));
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 0) : signal === 'SIGINT' ? 0 : 1));
  });
}

/** Opens the app in its best form and waits until it ends; gives the exit code. */
export async function openApp(args, { mayFetch }) {
  const form = await chooseForm(args, mayFetch);
  const rest = args.filter((arg) => arg !== '--browser' && arg !== '--fetch-electron');
  const isTab = args.includes('--browser');
  if (form.binary !== undefined) {
    const startedAt = Date.now();
    const code = await runToEnd(form.binary, [root, ...rest]);
    // A missing system library ends Electron at once; a user who closes the window has seen it first.
    if (code === 0 || Date.now() - startedAt > 5000) return code;
    form.why = `Electron ended at once with code ${code}`;
  }
  if (form.why !== undefined) say(`${form.why}: opening the browser form.`);
  const serve = isTab ? ['serve'] : ['serve', '--window'];
  return await runToEnd(process.execPath, [join(root, 'bin', 'convloom.mjs'), ...serve, ...rest]);
}
