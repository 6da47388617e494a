import { createHost, type Host } from '../host';
import { diagnosticLines } from './report';

/** Gives a command the machine's side of the app and ends its processes afterwards, whatever happens. */
export async function withHost<T>(work: (host: Host) => Promise<T>): Promise<T> {
  const host = createHost({
    form: 'memory',
    report: (diagnostic) => {
      for (const line of diagnosticLines([diagnostic])) process.stderr.write(`${line}\n`);
    },
  });
  try {
    return await work(host);
  } finally {
    await host.dispose();
  }
}
