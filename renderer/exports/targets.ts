import { exportTargets, type ExportTarget } from '../../shared/schema/exports';

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
export function targetOf(id: string): ExportTarget {
  return exportTargets.find((target) => target.id === id) ?? exportTargets[0];
}
