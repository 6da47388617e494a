import { printResults, type Results } from '../../shared/grading/results';
import { printRules, type Rules } from '../../shared/grading/rules';
import { saveFile } from '../ui/saveFile';

function fileName({ name }: { readonly name: string }, kind: string): string {
  return `${name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || kind}.${kind}.json`;
}

/** Hands rules over as a file. */
export function saveRules(rules: Rules): void {
  saveFile(fileName(rules, 'rules'), printRules(rules), 'application/json');
}

/** Hands over what a student has done, for `convloom check`. */
export function saveResults(results: Results): void {
  saveFile(fileName(results, 'results'), printResults(results), 'application/json');
}
