import type { NetworkAnalysis } from '../../shared/analysis/types';
import { success, type Result } from '../../shared/diagnostics/diagnostic';
import type { GeneratedFile } from '../../shared/exports/files';
import { printJax } from '../../shared/exports/jax';
import { printKeras } from '../../shared/exports/keras';
import type { PythonProject } from '../../shared/exports/python/project';
import { printPytorch } from '../../shared/exports/pytorch';
import { printTypescript } from '../../shared/exports/typescript';
import type { NetworkDocument } from '../../shared/schema/document';
import type { ExportTargetId } from '../../shared/schema/exports';

type Print = (document: NetworkDocument, analysis: NetworkAnalysis) => Result<readonly GeneratedFile[]>;

function filesOf(print: (document: NetworkDocument, analysis: NetworkAnalysis) => Result<PythonProject>): Print {
  return (document, analysis) => {
    const printed = print(document, analysis);
    return printed.ok ? success(printed.value.files) : printed;
  };
}

/** What the code panel can show, by the target that writes the same. */
export const languages = {
  typescript: printTypescript,
  pytorch: filesOf(printPytorch),
  keras: filesOf(printKeras),
  jax: filesOf(printJax),
} as const satisfies Partial<Record<ExportTargetId, Print>>;

/** A target whose text the code panel shows. */
export type CodeLanguage = keyof typeof languages;

export const codeLanguages = Object.keys(languages) as readonly CodeLanguage[];

/** The language of a name that was kept; the first where it is none. */
export function languageOf(name: unknown): CodeLanguage {
  return codeLanguages.find((one) => one === name) ?? 'typescript';
}
