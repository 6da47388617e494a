import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CancelSignal } from '../../../shared/host/api';
import { text, type Text } from '../../../shared/text';

/** A Python with what a proof needs, or in words why there is none. */
export type FoundPython =
  | { readonly path: string; readonly versions: Readonly<Record<string, string>> }
  | { readonly path: null; readonly why: Text };

type Ended = { readonly code: number | null; readonly out: string; readonly error: string };

/** How long a search for modules, which imports nothing, may take; and a proof, which imports a framework and runs a network. */
const searchMs = 20_000;
export const proofMs = 180_000;

/** Candidates in order; `CONVLOOM_PYTHON` names one, and then no other is tried. */
function candidates(): readonly string[] {
  const named = process.env['CONVLOOM_PYTHON'];
  if (named !== undefined && named !== '') return [named];
  return process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];
}

/** Runs a Python to its end, or to the end of the time; never rejects. The last lines of either output are kept. */
export async function runPython(
  path: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly timeoutMs: number; readonly signal?: CancelSignal | undefined },
): Promise<Ended> {
  return await new Promise((resolve) => {
    const child = spawn(path, args, {
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', TF_CPP_MIN_LOG_LEVEL: '3', PYTHONIOENCODING: 'utf-8' },
    });
    const [out, error]: [string[], string[]] = [[], []];
    const keep = (lines: string[]) => (line: string) => {
      lines.push(line);
      if (lines.length > 200) lines.shift();
    };
    createInterface({ input: child.stdout }).on('line', keep(out));
    createInterface({ input: child.stderr }).on('line', keep(error));
    const end = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(end, options.timeoutMs);
    options.signal?.addEventListener('abort', end);
    const settle = (code: number | null, failed?: string): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
      resolve({ code, out: out.join('\n'), error: failed ?? error.join('\n') });
    };
    child.on('error', ({ message }) => settle(null, message));
    child.on('close', (code) => settle(code));
  });
}

/** Looks for a Python that has all these modules, without importing them. */
export async function findPython(modules: readonly string[]): Promise<FoundPython> {
  const script = [
    'import importlib.util as u, importlib.metadata as m, json, sys',
    'names = sys.argv[1:]',
    'missing = [n for n in names if u.find_spec(n) is None]',
    'versions = {"python": sys.version.split()[0]}',
    'for n in names:',
    '    for d in (m.packages_distributions().get(n) or [])[:1]: versions[n] = m.version(d)',
    'print(json.dumps({"missing": missing, "versions": versions}))',
  ].join('\n');
  let why = text('no Python was found', '没有找到 Python');
  for (const path of candidates()) {
    const { code, out } = await runPython(path, ['-c', script, ...modules], { timeoutMs: searchMs });
    if (code !== 0) continue;
    const found = JSON.parse(out.split('\n').at(-1) ?? '{}') as {
      missing: string[];
      versions: Record<string, string>;
    };
    if (found.missing.length === 0) return { path, versions: found.versions };
    const missing = found.missing.join(', ');
    why = text(`${path} has no ${missing}`, `${path} 没有 ${missing}`);
  }
  return { path: null, why };
}
