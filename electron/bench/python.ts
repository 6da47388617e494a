import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createTail } from '../host/trainerProcess';
import { peerLayers } from './network';
import { stepScript } from './peerScripts';
import { createReplies, explainEnd, threadVariables } from './process';
import type { BenchProcess } from './process';
import type { BenchReply, BenchRequest } from './protocol';
import { participantOf } from './report';

/** Starts a peer framework in a Python. */
export function startPython(python: string, threads: number): BenchProcess {
  const child = spawn(python, ['-u', '-c', stepScript], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...threadVariables(threads) },
  });
  const replies = createReplies();
  const errorOutput = createTail();
  child.stderr.on('data', (chunk) => errorOutput.add(chunk));
  child.on('error', (error) => replies.end(error.message));
  child.on('close', (code, signal) => replies.end(explainEnd(code, signal, errorOutput.text())));
  child.stdin.on('error', () => undefined);
  // Our own script's answers, one JSON value a line; frameworks that print something else there are ignored.
  createInterface(child.stdout).on('line', (line) => {
    if (line.startsWith('{"type"')) replies.tell(JSON.parse(line) as BenchReply);
  });
  return {
    send: (request) => {
      const message = pythonRequest(request);
      if (typeof message === 'string') child.stdin.write(`${message}\n`);
      else replies.tell({ type: 'cannot', why: `the peer networks have no ${message.lacking}` });
    },
    onReply: replies.on,
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Whether a path is a Python that starts; if not, the reason. */
export async function findPythonFault(python: string): Promise<string | null> {
  return await new Promise((resolve) => {
    execFile(python, ['-c', 'import sys; print(sys.version_info[0])'], { timeout: 30_000 }, (error, stdout) => {
      if (error === null) resolve(stdout.trim() === '3' ? null : 'it does not answer as Python 3 does');
      else if ('code' in error && error.code === 'ENOENT') resolve('there is no such program');
      else resolve(error.message.trim().split('\n').at(-1) ?? 'it does not start');
    });
  });
}

/** The line that asks for the same. */
function pythonRequest(request: BenchRequest): string | { readonly lacking: string } {
  if (request.type === 'steps' || request.type === 'stream') return JSON.stringify(request);
  const participant = participantOf(request.candidate);
  const { type, threads } = request;
  const asked = {
    type,
    threads,
    framework: participant.by === 'python' ? participant.framework : '',
    precision: participant.precision,
  };
  if (request.type === 'roof') return JSON.stringify({ ...asked, turnMs: request.turnMs });
  const layers = peerLayers(request.benchCase.document);
  if ('lacking' in layers) return layers;
  const { batchSize, task } = request.benchCase;
  const segmentation = task.kind === 'segmentation';
  return JSON.stringify({ ...asked, layers, batchSize, classCount: task.classCount, segmentation });
}
