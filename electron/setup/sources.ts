import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { setupBadFolder, setupNoSource } from '../../shared/diagnostics/catalog/setup';
import { text } from '../../shared/text';
import type { LocatedTensorflow, SetupContext } from './context';
import { downloadFile, networkReason } from './download';
import { SetupFailure } from './failure';
import { cLibraryVersion, wheelVersion } from './platform';
import type { PlatformFiles } from './platform';
import { findProgram, lastWords, runProgram, throwIfDiskFull } from './process';

/** Thrown by a source that has nothing, with the reason; the next one is tried. */
class SourceMissing extends Error {}

type Source = { readonly name: string; readonly locate: () => Promise<LocatedTensorflow> };

/** Main library and its companion, under the names that each kind of folder uses. */
function findLibraries(folder: string, files: PlatformFiles): readonly [string, string] | undefined {
  for (const names of [files.wheelLibraries, files.linkNames]) {
    for (const dir of [folder, join(folder, 'lib')]) {
      const [main, framework] = [join(dir, names[0]), join(dir, names[1])];
      if (existsSync(main) && existsSync(framework)) return [main, framework];
    }
  }
  return undefined;
}

/** A TensorFlow that the user named: an unpacked C library, the `tensorflow` folder of a Python installation, or a wheel. */
export function locateNamed(named: string, files: PlatformFiles): LocatedTensorflow {
  const path = resolve(named);
  if (!existsSync(path)) throw new SetupFailure(setupBadFolder(path, 'it'));
  if (path.endsWith('.whl')) return { kind: 'wheel', path, source: `wheel ${path}`, folder: path };
  const inner = join(path, 'tensorflow');
  const folder = findLibraries(path, files) === undefined && existsSync(inner) ? inner : path;
  const libraries = findLibraries(folder, files);
  if (libraries === undefined) throw new SetupFailure(setupBadFolder(path, files.linkNames[0]));
  const include = join(folder, 'include');
  const header = join(include, 'tensorflow', 'c', 'c_api.h');
  if (!existsSync(header)) throw new SetupFailure(setupBadFolder(path, header));
  return { kind: 'folder', libraries, include, source: `folder ${path}`, folder: path };
}

/** The wheel that an earlier try has brought, if there is one. */
async function downloadedWheel(context: SetupContext, files: PlatformFiles): Promise<string | undefined> {
  const prefix = `${files.wheelPackage.replaceAll('-', '_')}-${wheelVersion}-`;
  const names = existsSync(context.downloads) ? await readdir(context.downloads) : [];
  const name = names.find((candidate) => candidate.startsWith(prefix) && candidate.endsWith('.whl'));
  return name === undefined ? undefined : join(context.downloads, name);
}

async function wheelByPip(context: SetupContext, files: PlatformFiles): Promise<LocatedTensorflow> {
  const { environment, signal } = context;
  const python = findProgram(['python3', 'python'], environment);
  const pip = findProgram(['pip3', 'pip'], environment);
  const command = python === undefined ? (pip === undefined ? undefined : [pip]) : [python, '-m', 'pip'];
  if (command === undefined) throw new SourceMissing('neither python3 nor pip is on the PATH');
  const requirement = `${files.wheelPackage}==${wheelVersion}`;
  // pip copies into its destination at the end; a folder of its own keeps a copy that was cut short from looking finished.
  const dest = join(context.downloads, 'pip');
  await rm(dest, { recursive: true, force: true });
  await mkdir(dest, { recursive: true });
  const base = ['download', '--no-deps', '--only-binary=:all:', '--progress-bar', 'off', '--disable-pip-version-check'];
  const [program = '', ...rest] = command;
  const attempt = (more: readonly string[]) =>
    runProgram(program, [...rest, ...base, '--dest', dest, ...more, requirement], { environment, signal });
  context.report({
    step: 'download',
    message: text(`Asking pip for ${requirement}`, `正在通过 pip 获取 ${requirement}`),
  });
  let outcome = await attempt([]);
  // A Python that this release has no wheel for can still fetch one for another Python: only its libraries are used.
  if (outcome.code !== 0) {
    const other = await attempt(['--python-version', '3.12', '--implementation', 'cp']);
    if (other.code === 0) outcome = other;
  }
  throwIfDiskFull(outcome);
  const name = (await readdir(dest)).find((candidate) => candidate.endsWith('.whl'));
  if (outcome.code !== 0 || name === undefined) throw new SourceMissing(lastWords(outcome));
  const path = join(context.downloads, name);
  await rename(join(dest, name), path);
  return { kind: 'wheel', path, source: `${requirement} by pip`, folder: null };
}

const releaseSchema = z.object({
  urls: z.array(
    z.object({
      filename: z.string(),
      url: z.string(),
      size: z.number(),
      digests: z.object({ sha256: z.string() }),
    }),
  ),
});

async function fetchJson(url: string, signal: AbortSignal | undefined): Promise<unknown> {
  const limit = AbortSignal.timeout(30_000);
  const response = await fetch(url, { signal: signal === undefined ? limit : AbortSignal.any([limit, signal]) });
  if (!response.ok) throw new SourceMissing(`${url} answered ${response.status}`);
  return response.json();
}

function reportBytes(context: SetupContext, name: string): (received: number, total: number | undefined) => void {
  return (received, total) => {
    const [now, all] = [received, total ?? 0].map((bytes) => (bytes / 1e6).toFixed(0));
    const amount = total === undefined ? `${now ?? ''} MB` : `${now ?? ''} / ${all ?? ''} MB`;
    context.report({
      step: 'download',
      message: text(`Downloading ${name}: ${amount}`, `正在下载 ${name}：${amount}`),
      ...(total === undefined ? {} : { fraction: received / total }),
    });
  };
}

async function wheelOverHttps(context: SetupContext, files: PlatformFiles): Promise<LocatedTensorflow> {
  const { endpoints, signal } = context;
  const url = `${endpoints.pypi}/pypi/${files.wheelPackage}/${wheelVersion}/json`;
  const release = releaseSchema.parse(await fetchJson(url, signal));
  // Any Python's wheel will do: only the libraries are used, and they are the same in all.
  const wheel = release.urls.find(({ filename }) => files.wheelTag.test(filename));
  if (wheel === undefined) throw new SourceMissing(`${url} lists no wheel for this machine`);
  const path = join(context.downloads, basename(wheel.filename));
  const digest = { algorithm: 'sha256', encoding: 'hex', value: wheel.digests.sha256 } as const;
  const onBytes = reportBytes(context, wheel.filename);
  await downloadFile(wheel.url, path, { bytes: wheel.size, digest }, { signal, onBytes });
  return { kind: 'wheel', path, source: `${files.wheelPackage} ${wheelVersion} over HTTPS`, folder: null };
}

/** The store publishes no list of checksums, but answers with the MD5 of what it holds. */
function md5Of(
  header: string | null,
): { readonly algorithm: 'md5'; readonly encoding: 'base64'; readonly value: string } | undefined {
  const value = /md5=([A-Za-z0-9+/]+=*)/.exec(header ?? '')?.[1];
  return value === undefined ? undefined : { algorithm: 'md5', encoding: 'base64', value };
}

async function cLibrary(context: SetupContext, files: PlatformFiles): Promise<LocatedTensorflow> {
  const { endpoints, signal } = context;
  const url = `${endpoints.cLibrary}/versions/${cLibraryVersion}/${files.archive}`;
  const path = join(context.downloads, `${cLibraryVersion}-${files.archive}`);
  const limit = AbortSignal.timeout(30_000);
  const head = await fetch(url, {
    method: 'HEAD',
    signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
  });
  if (!head.ok) throw new SourceMissing(`${url} answered ${head.status}`);
  const length = Number(head.headers.get('content-length') ?? Number.NaN);
  const digest = md5Of(head.headers.get('x-goog-hash'));
  const expected = {
    ...(Number.isFinite(length) ? { bytes: length } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
  if (!existsSync(path))
    await downloadFile(url, path, expected, { signal, onBytes: reportBytes(context, files.archive) });
  return { kind: 'archive', path, source: `C library ${cLibraryVersion}`, folder: null };
}

/**
 * Gets a TensorFlow onto this disk: what the user named, else what an earlier try has brought, else a wheel by pip, the wheel over
 * HTTPS, the official C library. Throws a {@link SetupFailure} with what each source said if none has it.
 */
export async function locateTensorflow(
  context: SetupContext,
  files: PlatformFiles,
  named: string | undefined,
): Promise<LocatedTensorflow> {
  if (named !== undefined && named !== '') return locateNamed(named, files);
  const known = await downloadedWheel(context, files);
  if (known !== undefined) return { kind: 'wheel', path: known, source: `wheel ${basename(known)}`, folder: null };
  const sources: readonly Source[] = [
    { name: 'pip', locate: () => wheelByPip(context, files) },
    { name: 'wheel over HTTPS', locate: () => wheelOverHttps(context, files) },
    { name: 'C library', locate: () => cLibrary(context, files) },
  ];
  const attempts: { source: string; reason: string }[] = [];
  for (const { name, locate } of sources) {
    try {
      return await locate();
    } catch (error) {
      if (error instanceof SetupFailure || context.signal?.aborted === true || isDiskError(error)) throw error;
      attempts.push({ source: name, reason: networkReason(error) });
    }
  }
  throw new SetupFailure(setupNoSource(attempts));
}

/** A disk that is full now is full for the next source too. */
function isDiskError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES'].includes(String(error.code))
  );
}
