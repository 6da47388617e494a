import { printResults, type Results } from '../../shared/grading/results';
import { printRules, type Rules } from '../../shared/grading/rules';

function saveText(text: string, name: string): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

function fileName({ name }: { readonly name: string }, kind: string): string {
  return `${name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || kind}.${kind}.json`;
}

/** Hands rules over as a file. */
export function saveRules(rules: Rules): void {
  saveText(printRules(rules), fileName(rules, 'rules'));
}

/** Hands over what a student has done, for `convloom check`. */
export function saveResults(results: Results): void {
  saveText(printResults(results), fileName(results, 'results'));
}
