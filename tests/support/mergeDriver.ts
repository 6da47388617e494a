/** `convloom merge` alone, as a process of its own that git can call. Bundled by the test that uses it. */
import { merge } from '../../electron/cli/commands/merge';
import { parseArguments } from '../../electron/cli/parseArguments';
import { reportFailure } from '../../electron/cli/report';
import { processTerminal } from '../../electron/cli/terminal';

const terminal = processTerminal();
const input = parseArguments(merge, process.argv.slice(2));
process.exitCode = input.ok ? await merge.run(input.value, terminal) : reportFailure(input, false, terminal);
