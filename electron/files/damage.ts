import type { z } from 'zod';
import { explainIssue } from '../../shared/document/issues';
import { text } from '../../shared/text';
import type { Text } from '../../shared/text';

/** What is wrong, behind the name of the file that it stands in. */
export function inFile(name: string, { en, zh }: Text): Text {
  return text(`${name}: ${en}`, `${name}：${zh}`);
}

/** Which files are not in a folder or an archive. */
export function lacks(names: string): Text {
  return text(`It has no ${names}.`, `其中没有 ${names}。`);
}

/** The first thing that a file's schema found wrong with what the file says. */
export function damageOf(name: string, { issues: [issue] }: z.ZodError, raw: unknown): Text {
  if (issue === undefined) return text(name, name);
  const { path, problem } = explainIssue(issue, raw);
  const place = path === '' ? '' : `${path} `;
  return inFile(name, text(`${place}${problem.en}.`, `${place}${problem.zh}。`));
}
