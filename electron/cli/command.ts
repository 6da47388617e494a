import type { Result } from '../../shared/diagnostics/diagnostic';
import type { NumberRange } from '../../shared/schema/range';
import type { Terminal } from './terminal';

/** 0 fine, 1 the network or the run has errors, 2 the command was misused or a file cannot be read. */
export type ExitCode = 0 | 1 | 2;

type OptionBase = { readonly doc: string; readonly short?: string; readonly required?: boolean };

/** One `--option`: its type, its help and, for values, what stands for the value in the help. */
export type OptionSpec =
  | (OptionBase & { readonly type: 'flag' })
  | (OptionBase & {
      readonly type: 'text';
      readonly placeholder: string;
      readonly maxLength?: number;
      /** Whether it may be given several times; its value is the list of all of them. */
      readonly many?: true;
    })
  | (OptionBase & NumberRange)
  | (OptionBase & { readonly type: 'choice'; readonly values: readonly string[] });

export type OptionSpecs = { readonly [name: string]: OptionSpec };

type OptionValue<S extends OptionSpec> = S extends { type: 'flag' }
  ? boolean
  : S extends { type: 'integer' | 'number' }
    ? number | undefined
    : S extends { type: 'choice'; values: readonly (infer V extends string)[] }
      ? V | undefined
      : S extends { many: true }
        ? readonly string[]
        : S extends { required: true }
          ? string
          : string | undefined;

export type OptionValues<O extends OptionSpecs> = { readonly [K in keyof O]: OptionValue<O[K]> };

/** `many`: the last one may stand for several. */
export type PositionalSpec = {
  readonly name: string;
  readonly doc: string;
  readonly optional?: boolean;
  readonly many?: boolean;
};

/** Validated arguments: every required positional is there, every value has its type and range. */
export type CommandInput<O extends OptionSpecs> = {
  readonly options: OptionValues<O>;
  readonly positionals: readonly string[];
};

export type CommandDefinition<O extends OptionSpecs> = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More for the command's own help. */
  readonly details?: string;
  readonly positionals: readonly PositionalSpec[];
  readonly options: O;
  run(input: CommandInput<O>, terminal: Terminal): Promise<ExitCode>;
};

/** A command whose options' types have been forgotten, as the list of all commands holds it. */
export type AnyCommand = CommandDefinition<OptionSpecs>;

/** Declares a command; exists so that TypeScript infers the options' types from their specs. */
export function defineCommand<const O extends OptionSpecs>(definition: CommandDefinition<O>): CommandDefinition<O> {
  return definition;
}

/** `--json`, the same everywhere. */
export const jsonOption = { type: 'flag', doc: 'print JSON' } as const satisfies OptionSpec;

/** `-o`, the same everywhere. */
export const outputOption = {
  type: 'text',
  placeholder: 'PATH',
  short: 'o',
  required: true,
  doc: 'where to write; nothing that exists is overwritten without --force',
} as const satisfies OptionSpec;

export const forceOption = { type: 'flag', doc: 'overwrite what exists' } as const satisfies OptionSpec;

export type ParsedArguments = Result<CommandInput<OptionSpecs>>;
