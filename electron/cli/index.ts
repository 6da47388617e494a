import { unknownCommand } from '../../shared/diagnostics/catalog/commandLine';
import { nearestWord } from '../../shared/nearest';
import type { AnyCommand, ExitCode } from './command';
import { commands } from './commands';
import { commandHelp, overallHelp } from './help';
import { parseArguments } from './parseArguments';
import { reportDiagnostics, reportFailure } from './report';
import { processTerminal, type Terminal } from './terminal';
import { withHost } from './withHost';

const helpWords = ['help', '--help', '-h'];

/** Runs one command line, without the program's own name, and gives its exit code. */
export async function runCommandLine(
  args: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<ExitCode> {
  const [name = 'help', ...rest] = args;
  const json = args.includes('--json');
  if (helpWords.includes(name)) {
    const [topic] = rest;
    const command = commands.find((candidate) => candidate.name === topic);
    terminal.out(command === undefined ? overallHelp(commands) : commandHelp(command));
    return 0;
  }
  if (name === '--version' || name === '-v') {
    return await withHost(async (host) => {
      const info = await host.request('host.info', {});
      if (info.ok) terminal.out(info.value.version);
      return info.ok ? 0 : 1;
    });
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = commands.map((candidate) => candidate.name);
    reportDiagnostics([unknownCommand(name, nearestWord(name, names))], json, terminal);
    terminal.err('`convloom --help` lists the commands.');
    return 2;
  }
  return await runCommand(command, rest, json, terminal);
}

async function runCommand(
  command: AnyCommand,
  args: readonly string[],
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(commandHelp(command));
    return 0;
  }
  const input = parseArguments(command, args);
  if (!input.ok) {
    reportFailure(input, json, terminal);
    terminal.err(`\`convloom ${command.name} --help\` shows what it takes.`);
    return 2;
  }
  return await command.run(input.value, terminal);
}
