import type { Call, CodeFunction } from '../code/functions';
import { commentText } from '../names';

/** A value that is computed from others. */
export type Step = {
  /** The calls that it is made of; several where a node is a layer and an expression around it. */
  readonly calls: readonly Call[];
  readonly variable: string;
  readonly inputs: readonly string[];
  /** What is computed, given the names of the inputs. */
  readonly write: (inputs: readonly string[]) => string;
  /** Set where it is applied in a loop over these modules, its first input going round. */
  readonly loop: string | null;
};

/** A step with the variable that takes its value. */
export type NamedStep = {
  readonly target: string;
  /** The calls that it is made of. */
  readonly calls: readonly Call[];
  readonly write: Step['write'];
  readonly expression: string;
  readonly loop: string | null;
  readonly inputs: readonly string[];
  readonly comment: string;
  /** No statement before has given this variable a value. */
  readonly isNew: boolean;
};

/** A node's layer and the expression around it, as one step. */
export function joinSteps(steps: readonly Step[]): readonly Step[] {
  const uses = useCounts(steps);
  return steps.reduce<readonly Step[]>((done, step) => {
    const before = done.at(-1);
    const isAround =
      before !== undefined &&
      before.loop === null &&
      step.loop === null &&
      before.calls.at(-1)?.node === step.calls[0]?.node &&
      step.inputs.length === 1 &&
      step.inputs[0] === before.variable &&
      uses.get(before.variable) === 1;
    if (!isAround) return [...done, step];
    const joined: Step = {
      ...step,
      calls: [...before.calls, ...step.calls],
      inputs: before.inputs,
      write: (inputs) => step.write([before.write(inputs)]),
    };
    return [...done.slice(0, -1), joined];
  }, []);
}

function useCounts(steps: readonly Step[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { inputs } of steps) for (const input of inputs) counts.set(input, (counts.get(input) ?? 0) + 1);
  return counts;
}

/** What passes by on its way has these names; the second while the first is still needed. */
export const passing: readonly string[] = ['x', 'y'];

/**
 * Gives every step its variable, as people write it: `x` for what only the next statement reads, the node's own name for what is
 * needed later. `ports` are the variables of what comes in, `results` those of what goes out.
 */
export function nameSteps(
  steps: readonly Step[],
  ports: ReadonlyMap<string, string>,
  results: readonly string[],
): { readonly steps: readonly NamedStep[]; readonly names: ReadonlyMap<string, string> } {
  const lastUse = new Map<string, number>();
  for (const [at, { inputs }] of steps.entries()) for (const input of inputs) lastUse.set(input, at);
  for (const result of results) lastUse.set(result, steps.length);
  const names = new Map(ports);
  const given = new Set(ports.values());
  /** Until which step the values in the passing variables are needed. */
  const busy = new Map(passing.map((name) => [name, -1]));
  for (const [id, name] of ports) if (busy.has(name)) busy.set(name, lastUse.get(id) ?? -1);
  const named = steps.map((step, at): NamedStep => {
    const end = lastUse.get(step.variable) ?? at;
    const inputs = step.inputs.map((input) => names.get(input) ?? input);
    const isReadInLoop = (name: string): boolean => step.loop !== null && inputs.slice(1).includes(name);
    const isPassing = end === at + 1 && (end < steps.length || results.length === 1);
    const free = passing.find((name) => (busy.get(name) ?? -1) <= at && !isReadInLoop(name));
    const target = isPassing && free !== undefined ? free : step.variable;
    if (busy.has(target)) busy.set(target, end);
    names.set(step.variable, target);
    const isNew = !given.has(target);
    given.add(target);
    const last = step.calls.at(-1);
    const comment = [last?.shape ?? '', commentText(last?.node.label ?? '')].filter((part) => part !== '').join(', ');
    const { calls, write, loop } = step;
    return { target, calls, write, expression: write(inputs), loop, inputs, comment, isNew };
  });
  return { steps: named, names };
}

/** A param that an object keeps, and the name of its attribute. */
export type KeptParam = { readonly local: string; readonly attribute: string };

/** Code in which the params of a block are read from the object that has kept them. */
export function keptParams(
  code: string,
  { params, scope }: CodeFunction,
): { readonly code: string; readonly used: readonly KeptParam[] } {
  const used: KeptParam[] = [];
  const variables = new Set(scope.names.values());
  const kept = code.replace(/"[^"]*"|[A-Za-z_]\w*/g, (word) => {
    const param = params.find(({ local }) => local === word);
    if (param === undefined) return word;
    const attribute = variables.has(param.local) ? `${param.local}_value` : param.local;
    used.push({ local: param.local, attribute });
    return `self.${attribute}`;
  });
  return { code: kept, used };
}
