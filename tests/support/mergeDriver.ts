/** `convloom merge` alone, as a process of its own that git can call. Bundled by the test that uses it. */
import type { AnyCommand } from '../../electron/cli/command';
import { merge } from '../../electron/cli/commands/merge';
import { parseArguments } from '../../electron/cli/parseArguments';
import { reportFailure } from '../../electron/cli/report';
import { processTerminal } from '../../electron/cli/terminal';

const command: AnyCommand = merge;
const terminal = processTerminal();
const input = parseArguments(command, process.argv.slice(2));
process.exitCode = input.ok ? await command.run(input.value, terminal) : reportFailure(input, false, terminal);
