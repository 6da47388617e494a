import type { NetworkAnalysis } from '../../analysis/types';
import { identifiersOf } from '../names';

/** What the inputs and outputs of a network are called in the signature, by node id: Python takes inputs as keyword arguments. */
export type SignatureNames = {
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
};

/** The same network always has the same names. */
export function signatureNames({ inputs, outputs, nodes }: NetworkAnalysis): SignatureNames {
  const ids = [...new Set([...inputs, ...outputs])];
  const names = identifiersOf(ids, new Map(ids.map((id) => [id, nodes.get(id)?.kind ?? 'node'])));
  const pick = (some: readonly string[]): ReadonlyMap<string, string> =>
    new Map(some.map((id) => [id, names.get(id) ?? id]));
  return { inputs: pick(inputs), outputs: pick(outputs) };
}
