import type { NetworkAnalysis } from '../../analysis/types';

/** What the values of a network are called in the file, by node id. */
export type OnnxNames = {
  readonly values: ReadonlyMap<string, string>;
  /** An output that nothing computes (an input alone) needs a name beside that of the input. */
  readonly outputs: ReadonlyMap<string, string>;
};

/**
 * The id itself, but for what readers choke on: control characters, at which C programs end a name, and halves of characters, which
 * are no UTF-8. The same network always gives the same names.
 */
export function onnxNames({ order, inputs, outputs }: NetworkAnalysis): OnnxNames {
  const taken = new Set<string>();
  const take = (wanted: string): string => {
    let count = 1;
    const candidate = (): string => (count === 1 ? wanted : `${wanted}_${count}`);
    while (taken.has(candidate())) count += 1;
    taken.add(candidate());
    return candidate();
  };
  const plain = (id: string): string => id.replace(/[\p{Cc}\p{Cs}]/gu, '_');
  // Those that stay as they are first, so that no made-up name takes one of theirs.
  const values = new Map<string, string>();
  for (const id of order.filter((one) => plain(one) === one)) values.set(id, take(id));
  for (const id of order.filter((one) => plain(one) !== one)) values.set(id, take(plain(id)));
  return {
    values,
    outputs: new Map(
      outputs.map((id) => {
        const name = values.get(id) ?? plain(id);
        return [id, inputs.includes(id) ? take(`${name}/output`) : name];
      }),
    ),
  };
}
