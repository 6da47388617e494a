import { printResults, type Results } from '../../shared/grading/results';
import { printRules, type Rules } from '../../shared/grading/rules';
import { serializeNetwork } from '../../shared/document/serialize';
import type { NetworkDocument } from '../../shared/schema/document';
import { saveFile } from '../ui/saveFile';

function fileName({ name }: { readonly name: string }, kind: string, extension = `${kind}.json`): string {
  return `${name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || kind}.${extension}`;
}

/** Hands rules over as a file. */
export function saveRules(rules: Rules): void {
  saveFile(fileName(rules, 'rules'), printRules(rules), 'application/json');
}

/** Hands over what a student has done, for `convloom check`. */
export function saveResults(results: Results): void {
  saveFile(fileName(results, 'results'), printResults(results), 'application/json');
}

/** Hands over a network where nothing else is asked for: `convloom check` grades it, and the app opens it. */
export function saveNetwork(rules: Rules, network: NetworkDocument): void {
  saveFile(fileName(rules, 'network', 'convloom'), serializeNetwork(network), 'application/json');
}
