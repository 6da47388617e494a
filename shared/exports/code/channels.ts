/** A value in code, and what it is in each copy of a block. The code is asked for only where it is written. */
export type CodeValue = { readonly code: () => string; readonly values: readonly string[] };

/** Whether two values are the same in every copy. */
export function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

const isNumber = (code: string): boolean => /^\d+$/.test(code);
const isName = (code: string): boolean => /^[A-Za-z_]\w*$/.test(code);

/**
 * How many channels a variable has, in code. Layers that say how many they take in then say it by the params that decide it:
 * behind a layer of `filters` stands one that takes `filters`, and not a number for each copy.
 */
export class ChannelTrail {
  readonly #known = new Map<string, CodeValue>();

  of(variable: string): CodeValue | undefined {
    return this.#known.get(variable);
  }

  set(variable: string, value: CodeValue): void {
    this.#known.set(variable, value);
  }

  /** Notes what a call gives: what one of its fields says, what comes in, the sum of that, or the number itself. */
  follow(
    variable: string,
    given: readonly CodeValue[],
    inputs: readonly string[],
    values: readonly string[] | null,
  ): void {
    const sources = inputs.flatMap((input) => this.#known.get(input) ?? []);
    const found = values === null ? (given[0] ?? sources[0]) : matching(values, given, sources, inputs.length);
    if (found !== undefined) this.#known.set(variable, found);
  }
}

function matching(
  values: readonly string[],
  given: readonly CodeValue[],
  sources: readonly CodeValue[],
  inputCount: number,
): CodeValue | undefined {
  const equal = [...given, ...sources].find((one) => isSame(one.values, values));
  if (equal !== undefined) return equal;
  const multiple = given.flatMap((one) => multipleOf(one, values))[0];
  if (multiple !== undefined) return multiple;
  if (sources.length === inputCount && inputCount > 1 && isSum(values, sources)) {
    return { code: () => sumOf(sources), values };
  }
  const [first = ''] = values;
  return values.every((value) => value === first) ? { code: () => first, values } : undefined;
}

function isSum(values: readonly string[], parts: readonly CodeValue[]): boolean {
  return values.every((value, at) => parts.reduce((sum, one) => sum + Number(one.values[at]), 0) === Number(value));
}

function sumOf(parts: readonly CodeValue[]): string {
  const codes = parts.map(({ code }) => code());
  return codes.every(isNumber) ? String(codes.reduce((sum, code) => sum + Number(code), 0)) : codes.join(' + ');
}

function multipleOf({ code, values: own }: CodeValue, values: readonly string[]): readonly CodeValue[] {
  const times = Number(values[0]) / Number(own[0]);
  if (!isName(code()) || !Number.isInteger(times) || times < 2) return [];
  const isMultiple = values.every((value, at) => Number(own[at]) * times === Number(value));
  return isMultiple ? [{ code: () => `${times} * ${code()}`, values }] : [];
}
