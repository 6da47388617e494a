import { parseArgs } from 'node:util';
import {
  badOptionValue,
  extraArgument,
  missingArgument,
  unknownOption,
} from '../../shared/diagnostics/catalog/commandLine';
import { failure, success, type Diagnostic, type Result } from '../../shared/diagnostics/diagnostic';
import { nearestWord } from '../../shared/nearest';
import { isInRange, rangeText } from '../../shared/schema/range';
import { text } from '../../shared/text';
import type { AnyCommand, OptionSpec, ParsedArguments } from './command';

/**
 * Reads a command's arguments by its specs: every mistake is found at once, and each says what would be right. parseArgs of node:util
 * takes the words apart; packages such as commander end at the first mistake, in English alone.
 */
export function parseArguments(command: AnyCommand, args: readonly string[]): ParsedArguments {
  const names = Object.keys(command.options);
  // `-o` with a value is the only short option; parseArgs itself would stop at the first mistake, so it is not strict here.
  const { tokens } = parseArgs({
    args: attachNegativeNumbers(args),
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(command.options).map(([name, spec]) => [
        name,
        {
          type: spec.type === 'flag' ? 'boolean' : 'string',
          ...(spec.short === undefined ? {} : { short: spec.short }),
        },
      ]),
    ),
  });
  const findings: Diagnostic[] = [];
  const positionals: string[] = [];
  const lists: { [name: string]: string[] } = {};
  const options: { [name: string]: string | number | boolean | readonly string[] } = {};
  for (const [name, spec] of Object.entries(command.options)) {
    if (spec.type === 'flag') options[name] = false;
    if (isMany(spec)) options[name] = lists[name] = [];
  }
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = command.options[token.name];
    if (spec === undefined) {
      const nearest = nearestWord(token.name, names);
      findings.push(unknownOption(token.rawName, nearest === null ? null : `--${nearest}`));
      continue;
    }
    const value = readOption(spec, token.rawName, token.value);
    if (value.ok && isMany(spec)) (lists[token.name] ??= []).push(String(value.value));
    else if (value.ok) options[token.name] = value.value;
    else findings.push(...value.diagnostics);
  }
  for (const { name, optional } of command.positionals.slice(positionals.length)) {
    if (optional !== true) findings.push(missingArgument(name));
  }
  const takesMany = command.positionals.at(-1)?.many === true;
  for (const value of takesMany ? [] : positionals.slice(command.positionals.length)) {
    findings.push(extraArgument(value));
  }
  for (const [name, spec] of Object.entries(command.options)) {
    if (spec.required === true && options[name] === undefined && findings.length === 0) {
      findings.push(missingArgument(spec.short === undefined ? `--${name}` : `-${spec.short} (--${name})`));
    }
  }
  // The list of commands has forgotten each command's own option types; the values were made from those very specs.
  return findings.length > 0
    ? failure(...findings)
    : success({ options: options as { readonly [name: string]: never }, positionals });
}

function isMany(spec: OptionSpec): boolean {
  return spec.type === 'text' && spec.many === true;
}

/** `--learning-rate -1` is a value out of range to the user, but two options to parseArgs. */
function attachNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (/^-[\d.]/.test(arg) && last?.startsWith('--') === true && !last.includes('=')) {
      joined[joined.length - 1] = `${last}=${arg}`;
    } else {
      joined.push(arg);
    }
  }
  return joined;
}

function readOption(spec: OptionSpec, name: string, value: string | undefined): Result<string | number | boolean> {
  if (spec.type === 'flag') {
    return value === undefined ? success(true) : failure(badOptionValue(name, value, text('no value', '无值')));
  }
  if (value === undefined || value === '') return failure(missingArgument(`${name} ${placeholder(spec)}`));
  if (spec.type === 'text') {
    const { maxLength = Infinity } = spec;
    if (value.length <= maxLength) return success(value);
    const shown = `${value.slice(0, 40)}…`;
    return failure(badOptionValue(name, shown, text(`at most ${maxLength} characters`, `至多 ${maxLength} 个字符`)));
  }
  if (spec.type === 'choice') {
    if (spec.values.includes(value)) return success(value);
    const list = spec.values.join(', ');
    return failure(
      badOptionValue(name, value, text(`one of ${list}`, `以下之一：${list}`), nearestWord(value, spec.values)),
    );
  }
  const number = Number(value);
  if (value.trim() !== '' && isInRange(spec, number)) return success(number);
  return failure(badOptionValue(name, value, rangeText(spec)));
}

/** What stands for an option's value in the help. */
export function placeholder(spec: OptionSpec): string {
  switch (spec.type) {
    case 'flag':
      return '';
    case 'text':
      return spec.placeholder;
    case 'integer':
      return 'N';
    case 'number':
      return 'X';
    case 'choice':
      return spec.values.join('|');
  }
}
