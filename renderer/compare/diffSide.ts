import type { NodeChange } from '../../shared/analysis/compare';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkDocument } from '../../shared/schema/document';
import { formatCount } from '../../shared/text';
import type { Messages } from '../i18n';

/** One network of a comparison with what is known of it. */
export type DiffSide = { readonly document: NetworkDocument; readonly analysis: NetworkAnalysis };

/** What is another about a pair of nodes, in words. */
export function changeText(change: NodeChange, t: Messages<'compare'>): string {
  const names = {
    kind: t.kind,
    inputs: t.inputs,
    param: change.name ?? '',
    shape: t.shape,
    params: t.parameters,
    macs: t.macs,
    memory: t.memory,
  };
  if (change.what === 'shape' || change.what === 'params' || change.what === 'macs' || change.what === 'memory') {
    return names[change.what];
  }
  return `${names[change.what]} ${change.a ?? '–'} → ${change.b ?? '–'}`;
}

/** As {@link changeText}, with the numbers of what follows from it: for where they are not shown already. */
export function changeDetail(change: NodeChange, t: Messages<'compare'>): string {
  const isCount = change.what === 'shape' || change.what === 'params' || change.what === 'macs';
  if (!isCount) return changeText(change, t);
  const shown = (value: string | null): string =>
    value === null ? '–' : change.what === 'shape' ? value : formatCount(Number(value));
  return `${changeText(change, t)} ${shown(change.a)} → ${shown(change.b)}`;
}
