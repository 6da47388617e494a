import type { Result } from '../../shared/diagnostics/diagnostic';
import { parseRules, printRules, type Rules } from '../../shared/grading/rules';
import { limits } from '../../shared/schema/limits';
import { useProject, useSession } from '../session';
import { remember, useUi } from '../store';

/** The rules that a network is held to. */
export type HeldRules = {
  /** Null where it is held to none. */
  readonly rules: Result<Rules> | null;
  readonly hold: (rules: Rules) => void;
  readonly release: () => void;
};

const parsed = new Map<string, Result<Rules>>();

/** Rules are kept as text and read once. */
function read(text: string): Result<Rules> {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const rules = parseRules(text);
  parsed.set(text, rules);
  return rules;
}

function keyOf(owner: string): string {
  const prefix = 'rules:';
  return `${prefix}${owner.slice(-(limits.layoutKeyLength - prefix.length))}`;
}

/** Settings hold so much; what is longer stays for as long as the window is open. */
function keep(key: string, text: string): void {
  if (text.length <= limits.layoutTextLength) remember(key, text);
  else useUi.setState(({ layout }) => ({ layout: { ...layout, [key]: text } }));
}

/** An assigned chapter is worked on in many tabs: its rules go along into each that has none of its own. */
const assignmentKey = 'rules.assigned';

/**
 * The rules of the network in this tab, as the settings keep them: by its file, and before it has one by its draft; else those of the
 * chapter that is assigned.
 */
export function useRules(): HeldRules {
  const { id } = useSession();
  const path = useProject((state) => state.file?.path ?? null);
  const key = keyOf(path ?? id);
  const own = useUi(({ layout }) => layout[key] ?? layout[keyOf(id)]);
  const assigned = useUi(({ layout }) => layout[assignmentKey]);
  const hasOwn = typeof own === 'string' && own !== '';
  const text = hasOwn ? own : assigned;
  return {
    rules: typeof text === 'string' && text !== '' ? read(text) : null,
    hold: (rules) => {
      if (rules.chapter !== undefined && hasOwn) keep(key, '');
      keep(rules.chapter === undefined ? key : assignmentKey, printRules(rules));
    },
    release: () => keep(hasOwn ? key : assignmentKey, ''),
  };
}
