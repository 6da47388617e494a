/** Prints `evaluate.ts`: the scores of trained weights. */
export const evaluateSource = `import { readData } from './data.js';
import { loadModel, readLearned } from './saved.js';
import { describeScores, evaluate } from './scores.js';
import { outputs } from './settings.js';
import { withClasses } from './values.js';

/** \`npm run evaluate -- DATA\`: the scores of weights.json on the data that train.ts holds back. */
async function main(): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) throw new Error('Usage: npm run evaluate -- DATA, as for npm run train.');
  const model = await loadModel();
  const learned = await readLearned();
  const names = outputs.map(({ name }) => name);
  const data = await readData(path, model, names, learned?.scaling ?? null);
  const { task, validation } = withClasses(data, learned?.classes ?? []);
  if (validation.length === 0) throw new Error('There are too few data to hold some back.');
  console.log(\`\${String(validation.length)} samples, \${describeScores(evaluate(model, task, validation))}\`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
`;
