import { exportTargets, type BuiltTargetId } from '../../shared/schema/exports';

/** What this version writes. */
export type BuiltTarget = Extract<(typeof exportTargets)[number], { readonly id: BuiltTargetId }>;

export const builtTargets = exportTargets.filter((target): target is BuiltTarget => target.isBuilt);

/** The headings of the dialog, in order. */
export const targetGroups = ['code', 'models', 'figures', 'tables'] as const;
export type TargetGroup = (typeof targetGroups)[number];

const code: ReadonlySet<string> = new Set(['typescript', 'pytorch', 'keras', 'jax']);
const tables: ReadonlySet<string> = new Set(['markdown', 'latex']);

/** Under which heading a target stands: what is neither code, picture nor table is a model for another program. */
export function groupOf({ id, draws }: { readonly id: string; readonly draws: boolean }): TargetGroup {
  if (draws) return 'figures';
  if (tables.has(id)) return 'tables';
  return code.has(id) ? 'code' : 'models';
}

/** The target of an id; the first where there is none. */
export function targetOf(id: string): BuiltTarget | undefined {
  return builtTargets.find((target) => target.id === id) ?? builtTargets[0];
}
