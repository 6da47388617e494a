/**
 * `npm run soak`: the tests of faults at length, and hours of work replayed at speed. Takes hours by default; each part can be made
 * shorter or left out: `npm run soak -- --points 1000 --kills 0 --mutants 0 --hours 1`. Prints what was lost, torn and leaked.
 */
import { parseArgs } from 'node:util';
import { ensureBuild, ensureDependencies, fail, runPackage, say } from './setup.mjs';
import { tryFaults } from './faultShards.mjs';
import { replay } from './replay.mjs';

const usage = 'npm run soak -- [--points N] [--kills N] [--mutants N] [--hours N] [--seed N]; 0 leaves a part out.';
const { values } = readOptions({
  options: {
    help: { type: 'boolean', default: false },
    points: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '300' },
    mutants: { type: 'string', default: '10000' },
    hours: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
if (values.help) {
  say(usage);
  process.exit(0);
}
const [points, kills, mutants, hours, seed] = ['points', 'kills', 'mutants', 'hours', 'seed'].map((name) => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0) fail(`--${name} is a whole number.`);
  return value;
});

function readOptions(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    return fail(`${error.message}\n${usage}`);
  }
}

ensureDependencies();
ensureBuild();
say(`Seed ${seed}: the same one gives the same faults.`);

/** Tests with more rounds than every day; their figures are printed by themselves. */
const test = (files, env) => () =>
  runPackage('vitest/vitest.mjs', ['run', ...files, '--reporter=default', '--disable-console-intercept'], {
    env: { ...process.env, CONVLOOM_SOAK: '1', CONVLOOM_FAULT_SEED: String(seed), ...env },
  }) === 0;

const parts = [
  ['faults of the disk', points, () => tryFaults(points, seed, say)],
  ['processes killed', kills, test(['tests/contract/kills.test.ts'], { CONVLOOM_KILLS: String(kills) })],
  [
    'mutants',
    mutants,
    test(
      [
        'tests/unit/document/mutants.test.ts',
        'tests/unit/host/mutantFiles.test.ts',
        'tests/unit/host/mutantMessages.test.ts',
      ],
      {
        CONVLOOM_FUZZ: String(mutants),
      },
    ),
  ],
  ['hours replayed', hours, () => replay(hours, say)],
];

const outcomes = [];
for (const [name, count, work] of parts) {
  if (count === 0) continue;
  say(`\n== ${name}: ${count}`);
  try {
    outcomes.push([name, await work()]);
  } catch (error) {
    // What comes after it is tried all the same.
    say(error.stack);
    outcomes.push([name, false]);
  }
}
say('\n== summary');
for (const [name, ok] of outcomes) say(`${ok ? 'passed' : 'FAILED'}  ${name}`);
process.exitCode = outcomes.every(([, ok]) => ok) ? 0 : 1;
