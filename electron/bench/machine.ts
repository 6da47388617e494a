import { availableParallelism, cpus, totalmem } from 'node:os';
import type { Machine } from './report';

/** This machine. */
export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
  };
}

/** The machine in a line. */
export function machineText({ cpu, threads, memoryBytes, node }: Machine): string {
  return `${cpu}, ${threads} threads, ${Math.round(memoryBytes / 2 ** 30)} GiB, Node ${node}`;
}
