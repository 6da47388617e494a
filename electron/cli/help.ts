import type { AnyCommand, OptionSpec } from './command';
import { placeholder } from './parseArguments';

function optionWords(name: string, spec: OptionSpec): string {
  const value = placeholder(spec);
  const long = value === '' ? `--${name}` : `--${name} ${value}`;
  return spec.short === undefined ? long : `-${spec.short}, ${long}`;
}

function usageLine(command: AnyCommand): string {
  const positionals = command.positionals.map(({ name, optional, many }) => {
    const word = many === true ? `${name}...` : name;
    return optional === true ? `[${word}]` : word;
  });
  const options = Object.entries(command.options).map(([name, spec]) => {
    const value = placeholder(spec);
    const words = `${spec.short === undefined ? `--${name}` : `-${spec.short}`}${value === '' ? '' : ` ${value}`}`;
    return spec.required === true ? words : `[${words}]`;
  });
  return ['convloom', command.name, ...positionals, ...options].join(' ');
}

/** Two columns, the first as wide as its widest entry, but not wider than a third of a screen. */
function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  return rows.flatMap(([left, right]) =>
    left.length > width ? [`  ${left}`, `  ${' '.repeat(width)}  ${right}`] : [`  ${left.padEnd(width)}  ${right}`],
  );
}

/** `convloom COMMAND --help`. */
export function commandHelp(command: AnyCommand): string {
  const { summary, details, positionals, options } = command;
  const optionRows = Object.entries(options).map(([name, spec]): readonly [string, string] => [
    optionWords(name, spec),
    spec.doc,
  ]);
  return [
    summary,
    '',
    `Usage: ${usageLine(command)}`,
    ...(positionals.length === 0 ? [] : ['', ...columns(positionals.map(({ name, doc }) => [name, doc]))]),
    '',
    'Options:',
    ...columns([...optionRows, ['-h, --help', 'this help']]),
    ...(details === undefined ? [] : ['', details]),
  ].join('\n');
}

/** `convloom --help`. */
export function overallHelp(commands: readonly AnyCommand[]): string {
  return [
    'Convloom: design convolutional networks by hand.',
    '',
    'Usage: convloom [COMMAND] ...     without a command, the app opens',
    '',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    '`convloom COMMAND --help` tells more about one. Data go to standard output, everything else to standard error.',
    'Exit codes: 0 fine; 1 the network or the run has errors; 2 the command was misused or a file cannot be read.',
  ].join('\n');
}
