import { access, constants, mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { HealthCheck } from '../../shared/host/api';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import { manyRuns } from '../../shared/schema/limits';
import { formatBytes, text } from '../../shared/text';
import type { Text } from '../../shared/text';
import { fileDiagnostic } from '../files/fileErrors';
import { folderSize } from '../files/folderSize';
import { runIdsIn } from '../files/runRecord';
import { checkFiles } from './healthFiles';

/** Less room than this ends a long run with a full disk; less than the second, the next save. */
const lowSpaceBytes = 2_000_000_000;
const noSpaceBytes = 50_000_000;
/** A training process of TensorFlow takes about half of it. */
const lowMemoryBytes = 2_000_000_000;

export type HealthOptions = {
  readonly version: string;
  /** Runs, drafts and settings. */
  readonly dataDir: string;
  /** What can be fetched again. */
  readonly cacheDir: string;
  readonly projectsDir: string;
  readonly node?: string;
  readonly temporaryDir?: string;
  readonly memoryBytes?: number;
};

/** Looks at the machine as the app sees it: versions, memory, folders, room on the disk, what the app's own files take. */
export async function checkHealth(options: HealthOptions): Promise<readonly HealthCheck[]> {
  const { version, dataDir, cacheDir, projectsDir, node = process.versions.node, temporaryDir = tmpdir() } = options;
  return [
    checkVersions(version, node),
    checkMemory(options.memoryBytes ?? totalmem()),
    await checkFolder(
      'data-folder',
      text('Runs, drafts and settings', '训练记录、草稿与设置'),
      dataDir,
      text(', or name another folder with CONVLOOM_HOME', '，或用 CONVLOOM_HOME 指定其他文件夹'),
    ),
    await checkFolder(
      'cache-folder',
      text('Caches', '缓存'),
      cacheDir,
      text(', or name another folder with XDG_CACHE_HOME', '，或用 XDG_CACHE_HOME 指定其他文件夹'),
    ),
    await checkFolder(
      'projects-folder',
      text('Projects', '项目'),
      projectsDir,
      text(', or save networks in another folder', '，或将网络保存到其他文件夹'),
    ),
    await checkFolder(
      'temporary-folder',
      text('Temporary files', '临时文件'),
      temporaryDir,
      text(
        ', or name another folder with TMPDIR (TEMP on Windows)',
        '，或用 TMPDIR（Windows 上为 TEMP）指定其他文件夹',
      ),
    ),
    ...(await checkFiles(dataDir)),
    await checkRuns(join(dataDir, 'runs')),
    await checkUse('caches', text('The caches', '缓存'), cacheDir),
  ];
}

function fact(id: string, what: Text): HealthCheck {
  return { id, state: 'fine', what, mend: null };
}

/** The oldest Node.js that runs all of it, as package.json says, too. */
const oldestNode = [20, 19] as const;

function checkVersions(version: string, node: string): HealthCheck {
  const what = text(
    `Convloom ${version}, Node ${node}, ${process.platform} ${process.arch}`,
    `Convloom ${version}，Node ${node}，${process.platform} ${process.arch}`,
  );
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return fact('versions', what);
  const needed = oldestNode.join('.');
  return {
    id: 'versions',
    state: 'fault',
    what,
    mend: text(`Install Node.js ${needed} or newer.`, `请安装 Node.js ${needed} 或更新版本。`),
  };
}

function checkMemory(bytes: number): HealthCheck {
  const size = formatBytes(bytes);
  if (bytes >= lowMemoryBytes) return fact('memory', text(`Memory: ${size}`, `内存：${size}`));
  return {
    id: 'memory',
    state: 'warning',
    what: text(
      `Memory: ${size}. Training needs about ${formatBytes(lowMemoryBytes)} in all.`,
      `内存：${size}。训练总共约需 ${formatBytes(lowMemoryBytes)}。`,
    ),
    mend: text('Take a small batch size, and close other programs.', '使用较小的批大小，并关闭其他程序。'),
  };
}

/** The nearest thing on the way to a path that is there. */
async function nearest(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    if ((await stat(at).catch(() => null)) !== null || dirname(at) === at) return at;
  }
}

/** Makes a folder with those above it. Where that fails, the system names what is missing and not why it cannot be made. */
async function makeFolder(dir: string): Promise<void> {
  const found = await nearest(dir);
  if (!(await stat(found)).isDirectory()) throw Object.assign(new Error(`${found} is no folder`), { code: 'ENOTDIR' });
  await access(found, constants.W_OK);
  await mkdir(dir, { recursive: true });
}

/** What helps where a folder cannot be written to, by why it cannot. */
function mendOf(code: string, otherwise: Text): Text {
  switch (code) {
    case 'file/is-not-folder':
      return text(`Move the file that is in its way${otherwise.en}.`, `移走占据此位置的文件${otherwise.zh}。`);
    case 'file/read-only':
      return text(`Make its disk writable${otherwise.en}.`, `将其所在磁盘改为可写${otherwise.zh}。`);
    case 'file/disk-full':
      return text(`Make room on its disk${otherwise.en}.`, `清理其所在磁盘${otherwise.zh}。`);
    default:
      return text(
        `Give yourself the right to write there${otherwise.en}.`,
        `为自己开放该文件夹的写权限${otherwise.zh}。`,
      );
  }
}

/** Whether a folder can be made and written to, and how much room its disk has. */
async function checkFolder(id: string, name: Text, dir: string, otherwise: Text): Promise<HealthCheck> {
  const probe = join(dir, `.convloom-probe-${process.pid}`);
  try {
    await makeFolder(dir);
    await writeFile(probe, '', { flag: 'wx' });
    await rm(probe, { force: true });
  } catch (error) {
    const reason = fileDiagnostic(error, dir, 'save');
    return {
      id,
      state: 'fault',
      what: text(
        `${name.en}: ${dir} cannot be written to. ${diagnosticMessage(reason)}`,
        `${name.zh}：无法写入 ${dir}。${diagnosticMessage(reason, 'zh')}`,
      ),
      mend: mendOf(reason.code, otherwise),
    };
  }
  // Some file systems have no answer.
  const disk = await statfs(dir).catch(() => null);
  if (disk === null) return fact(id, text(`${name.en}: ${dir}`, `${name.zh}：${dir}`));
  const free = disk.bavail * disk.bsize;
  const what = text(`${name.en}: ${dir}, ${formatBytes(free)} free`, `${name.zh}：${dir}，剩余 ${formatBytes(free)}`);
  if (free >= lowSpaceBytes) return fact(id, what);
  return {
    id,
    state: free < noSpaceBytes ? 'fault' : 'warning',
    what,
    mend: text(
      'Make room on this disk: the settings of the app free caches and the checkpoints of complete runs.',
      '请清理此磁盘：在应用的设置中可释放缓存与已完成训练的检查点。',
    ),
  };
}

/** What a folder of the app takes on the disk, and what helps where that is much. */
async function checkUse(
  id: string,
  name: Text,
  dir: string,
  mendOf: (bytes: number) => Text | null = () => null,
): Promise<HealthCheck> {
  const { bytes, files } = await folderSize(dir);
  const what = text(
    `${name.en} take ${formatBytes(bytes)} in ${files.toLocaleString('en')} ${files === 1 ? 'file' : 'files'}`,
    `${name.zh}占用 ${formatBytes(bytes)}，共 ${files.toLocaleString('en')} 个文件`,
  );
  const mend = mendOf(bytes);
  return { id, state: mend === null ? 'fine' : 'warning', what, mend };
}

/** What the runs take, and a word where they have become many: no run is deleted unless somebody says so. */
async function checkRuns(dir: string): Promise<HealthCheck> {
  const { length } = await runIdsIn(dir).catch(() => []);
  const olderRuns = text(
    `These are ${length.toLocaleString('en')} runs. Settings, or \`convloom runs --keep N\`, deletes the older ones that have no tag.`,
    `共 ${length.toLocaleString('en')} 条训练记录。可在“设置”中，或用 \`convloom runs --keep N\`，删除较旧且没有标签的记录。`,
  );
  return await checkUse('runs', text('The runs', '训练记录'), dir, (bytes) =>
    length >= manyRuns.entries || bytes >= manyRuns.bytes ? olderRuns : null,
  );
}
