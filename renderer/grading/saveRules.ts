import { printRules, type Rules } from '../../shared/grading/rules';

/** Hands rules over as a file. */
export function saveRules(rules: Rules): void {
  const link = document.createElement('a');
  const url = URL.createObjectURL(new Blob([printRules(rules)], { type: 'application/json' }));
  link.href = url;
  link.download = `${rules.name.replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || 'rules'}.rules.json`;
  link.click();
  URL.revokeObjectURL(url);
}
