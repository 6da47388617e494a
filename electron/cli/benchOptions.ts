import { badOptionValue, conflictingOptions, missingArgument } from '../../shared/diagnostics/catalog/commandLine';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { text } from '../../shared/text';
import { benchCaseIds, opCaseIds, recipeIds, uiSubjectIds } from '../bench';
import type { CandidateId } from '../bench';

/** What `convloom bench` measures: the engines on whole networks, or what a flag of this name asks for. */
export const benchKinds = ['engines', 'ops', 'ui', 'accuracy'] as const;
export type BenchKind = (typeof benchKinds)[number];

/** What `--case` can name. */
export const benchCases: { readonly [K in BenchKind]: readonly string[] } = {
  engines: benchCaseIds,
  ops: opCaseIds,
  ui: uiSubjectIds,
  accuracy: recipeIds,
};

export type BenchOptions = {
  readonly ui: boolean;
  readonly ops: boolean;
  readonly accuracy: boolean;
  readonly case: string | undefined;
  readonly only: CandidateId | undefined;
  readonly rounds: number | undefined;
  readonly seeds: number | undefined;
  readonly epochs: number | undefined;
  readonly python: string | undefined;
  readonly html: string | undefined;
  readonly from: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
};

type OptionName = keyof BenchOptions;

const optionNames = [
  'ui',
  'ops',
  'accuracy',
  'case',
  'only',
  'rounds',
  'seeds',
  'epochs',
  'python',
  'html',
  'from',
  'force',
  'json',
] as const satisfies readonly OptionName[];

/** Options that say nothing where this is measured. */
const unfit: { readonly [K in BenchKind]: readonly OptionName[] } = {
  engines: ['seeds', 'epochs'],
  ops: ['seeds', 'epochs'],
  ui: ['python', 'only', 'seeds', 'epochs'],
  accuracy: ['rounds'],
};

/** What fits a page that is drawn of a report. */
const drawing: readonly OptionName[] = ['from', 'html', 'force', 'json'];

/** What the options ask for. */
export function kindOf(options: BenchOptions): BenchKind {
  return flagsOf(options)[0] ?? 'engines';
}

function flagsOf(options: BenchOptions): readonly BenchKind[] {
  return benchKinds.filter((kind) => kind !== 'engines' && options[kind]);
}

function conflict(a: string, b: string): Diagnostic {
  return conflictingOptions(`--${a} does not go with --${b}.`, `--${a} 不能与 --${b} 同时使用。`);
}

/** What each option's own check cannot see: what does not go together. */
export function findBenchMisuse(options: BenchOptions): Diagnostic | null {
  const given = optionNames.filter((name) => options[name] !== undefined && options[name] !== false);
  if (options.from !== undefined) {
    const other = given.find((name) => !drawing.includes(name));
    if (other !== undefined) return conflict('from', other);
    return options.html === undefined ? missingArgument('--html FILE') : null;
  }
  const [kind = 'engines', second] = flagsOf(options);
  if (second !== undefined) return conflict(kind, second);
  const wrong = given.find((name) => unfit[kind].includes(name));
  if (wrong !== undefined) {
    return kind === 'engines'
      ? conflictingOptions(`--${wrong} goes with --accuracy alone.`, `--${wrong} 只能与 --accuracy 一起使用。`)
      : conflict(wrong, kind);
  }
  const fitting = benchCases[kind];
  if (options.case === undefined || fitting.includes(options.case)) return null;
  const words = fitting.join(', ');
  const when =
    kind === 'engines'
      ? text(`one of ${words} without --ui, --ops and --accuracy`, `不带 --ui、--ops 和 --accuracy 时为 ${words} 之一`)
      : text(`one of ${words} with --${kind}`, `在 --${kind} 下为 ${words} 之一`);
  return badOptionValue('--case', options.case, when);
}
