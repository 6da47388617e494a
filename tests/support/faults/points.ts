import { createRandom } from '../../../shared/ops/random';
import type { Fault } from './disk';

/** How many random points of the matrix are tried in all, most of them under editing; more in a soak. */
const pointCount = Number(process.env['CONVLOOM_FAULT_POINTS'] ?? 100);
export const editingPoints = Math.ceil(pointCount * 0.6);
export const trainingPoints = pointCount - editingPoints;

/** Tells a soak's figures; the tests of every day have nothing to tell. */
export function tellSoak(line: string): void {
  if (process.env['CONVLOOM_SOAK'] !== undefined) console.log(line);
}

/** Tells figures that `scripts/soak.mjs` adds up over its processes, which know them by this mark. */
export function tellFigures(of: string, figures: { readonly [name: string]: number }): void {
  tellSoak(`#figures ${JSON.stringify({ of, figures })}`);
}

const kinds = ['killed', 'powerCut', 'full', 'readOnly', 'slow'] as const;

/** Faults at random places of a work of so many changes, every kind of them in turn. The seed says which. */
export function randomFaults(count: number, changes: number, seed: number): readonly Fault[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index): Fault => {
    const at = Math.floor(random.uniform() * changes);
    const part = random.uniform();
    const lasting = 1 + Math.floor(random.uniform() * changes * 0.5);
    const kind = kinds[index % kinds.length] ?? 'killed';
    switch (kind) {
      case 'killed':
      case 'powerCut':
        return { kind, at, part };
      case 'full':
        return { kind, at, changes: lasting, part };
      case 'readOnly':
        return { kind, at, changes: lasting };
      case 'slow':
        return { kind, at, changes: Math.min(lasting, 5), ms: 20 };
    }
  });
}
