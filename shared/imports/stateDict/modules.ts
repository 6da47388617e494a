/** A tensor of a PyTorch state_dict. */
export type StateTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  /** Null where its type is no number that a weight can be. */
  readonly read: (() => Float32Array) | null;
};

/** The tensors of one module, by their last name. */
export type StateModule = { readonly name: string; readonly tensors: ReadonlyMap<string, StateTensor> };

/** Whether names are those that PyTorch gives: none of ours is called `weight`. */
export function isStateDict(names: readonly string[]): boolean {
  return names.some((name) => /(^|\.)weight$/.test(name));
}

/** Counts of batches, which training goes by and nothing computes with. */
export function isCounter(name: string): boolean {
  return /(^|\.)num_batches_tracked$/.test(name);
}

/** What all names begin with says nothing: `module.` of parallel training, `model.` of checkpoints. */
function commonPrefix(names: readonly string[]): string {
  const [first = ''] = names;
  const parts = first.split('.').slice(0, -2);
  let prefix = '';
  for (const part of parts) {
    const longer = `${prefix}${part}.`;
    if (!names.every((name) => name.startsWith(longer))) break;
    prefix = longer;
  }
  return prefix;
}

const natural = new Intl.Collator('en', { numeric: true });

/**
 * The modules of a state_dict in the order of the file. Where that is the order of the alphabet, which tells nothing, numbers in names are
 * counted as numbers.
 */
export function modulesOf(tensors: readonly StateTensor[]): readonly StateModule[] {
  const prefix = commonPrefix(tensors.map(({ name }) => name));
  const modules = new Map<string, Map<string, StateTensor>>();
  for (const tensor of tensors) {
    const path = tensor.name.slice(prefix.length);
    const end = path.lastIndexOf('.');
    const name = end < 0 ? '' : path.slice(0, end);
    const own = modules.get(name) ?? new Map<string, StateTensor>();
    own.set(path.slice(end + 1), tensor);
    modules.set(name, own);
  }
  const listed = [...modules].map(([name, own]): StateModule => ({ name, tensors: own }));
  // Files of safetensors have their types one behind the other, each in the order of the alphabet.
  const reals = tensors.filter(({ read }) => read !== null);
  const isSorted = reals.every(({ name }, at) => at === 0 || (reals[at - 1]?.name ?? '') <= name);
  return isSorted ? listed.toSorted((a, b) => natural.compare(a.name, b.name)) : listed;
}
