import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { diagnosticMessage } from '../../shared/diagnostics/diagnostic';
import type { HealthCheck } from '../../shared/host/api';
import { limits } from '../../shared/schema/limits';
import { text, type Text } from '../../shared/text';
import { fileDiagnostic } from '../files/fileErrors';
import { readRegularText } from '../files/regularFile';

/** Files of the data folder that stand for themselves. */
const single: readonly string[] = ['settings.json', 'recent.json', 'recordings.json'];
const folders: readonly (readonly [folder: string, ending: string])[] = [
  ['drafts', '.json'],
  ['blocks', '.convloom'],
];

async function namesIn(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch(() => []);
}

/** Why a file of the app's own cannot be used; null for one that can, and for one that is not there. */
async function faultOf(path: string): Promise<{ readonly isDamaged: boolean; readonly why: Text } | null> {
  let content: string;
  try {
    content = await readRegularText(path, limits.messageBytes);
  } catch (error) {
    const reason = fileDiagnostic(error, path, 'open');
    if (reason.code === 'file/not-found') return null;
    return { isDamaged: false, why: text(diagnosticMessage(reason), diagnosticMessage(reason, 'zh')) };
  }
  try {
    JSON.parse(content);
    return null;
  } catch {
    return { isDamaged: true, why: text(`${path} is damaged: it is no JSON.`, `${path} 已损坏：不是有效的 JSON。`) };
  }
}

function asCheck(path: string, { isDamaged, why }: NonNullable<Awaited<ReturnType<typeof faultOf>>>): HealthCheck {
  return {
    id: `file-${basename(path)}`,
    state: 'warning',
    what: why,
    mend: isDamaged
      ? text(
          'Mend it by hand, or let the app put it aside under another name and begin anew.',
          '可手动修复，或由应用将其改名保留并重新开始。',
        )
      : text('Give yourself the right to read it, or move it away.', '为自己开放读取权限，或将其移走。'),
  };
}

/** Looks at settings, drafts and kept blocks: what cannot be read, and what was put aside because of that. */
export async function checkFiles(dataDir: string): Promise<readonly HealthCheck[]> {
  const paths = single.map((name) => join(dataDir, name));
  const aside = (await namesIn(dataDir)).filter((name) => name.includes('.damaged-'));
  for (const [folder, ending] of folders) {
    const names = await namesIn(join(dataDir, folder));
    paths.push(...names.filter((name) => name.endsWith(ending)).map((name) => join(dataDir, folder, name)));
    aside.push(...names.filter((name) => name.endsWith('.damaged')).map((name) => join(folder, name)));
  }
  const checks: HealthCheck[] = [];
  for (const path of paths) {
    const fault = await faultOf(path);
    if (fault !== null) checks.push(asCheck(path, fault));
  }
  if (aside.length === 0) return checks;
  const list = aside.slice(0, 3).join(', ') + (aside.length > 3 ? ', ...' : '');
  return [
    ...checks,
    {
      id: 'files-aside',
      state: 'warning',
      what: text(
        `Put aside in ${dataDir} because damaged: ${aside.length} (${list})`,
        `${dataDir} 中因损坏而改名保留的文件：${aside.length} 个（${list}）`,
      ),
      mend: text('Look whether anything in them is missed; then delete them.', '确认其中没有需要的内容后即可删除。'),
    },
  ];
}
