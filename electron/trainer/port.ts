import type { TrainerCommand, TrainerReport } from './protocol';

/** The pipe between a trainer's process and the app. */
export type TrainerPort = {
  send(report: TrainerReport): void;
  onCommand(listener: (command: TrainerCommand) => void): void;
  /** The app has gone. */
  onLost(listener: () => void): void;
};

/** As much of Electron's `process.parentPort` as is used; a utility process has it, a Node child does not. */
type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
};

function parentPort(): ParentPort | null {
  if (!('parentPort' in process)) return null;
  const port: unknown = process.parentPort;
  return typeof port === 'object' && port !== null ? (port as ParentPort) : null;
}

/** Connects to whoever started this process: Node's `fork` or Electron's `utilityProcess`. Both ends are of one build. */
export function connectPort(): TrainerPort {
  const port = parentPort();
  if (port !== null) {
    return {
      send: (report) => port.postMessage(report),
      onCommand: (listener) => port.on('message', ({ data }) => listener(data as TrainerCommand)),
      // Electron ends its utility processes when the app goes.
      onLost: () => undefined,
    };
  }
  return {
    send: (report) => {
      // A callback keeps a closed pipe from being an exception; `onLost` tells of it.
      if (process.connected) process.send?.(report, undefined, undefined, () => undefined);
    },
    onCommand: (listener) => void process.on('message', (message) => listener(message as TrainerCommand)),
    onLost: (listener) => void process.on('disconnect', listener),
  };
}
