import type { NetworkAnalysis } from '../../shared/analysis/types';
import { success, type Result } from '../../shared/diagnostics/diagnostic';
import type { GeneratedFile } from '../../shared/exports/files';
import { printJax } from '../../shared/exports/jax';
import { printKeras } from '../../shared/exports/keras';
import { printNncFile } from '../../shared/exports/nnc';
import type { PythonProject } from '../../shared/exports/python/project';
import { printPytorch } from '../../shared/exports/pytorch';
import { printLatex } from '../../shared/exports/tables/latex';
import { printMarkdown } from '../../shared/exports/tables/markdown';
import { layerTable, type Table } from '../../shared/exports/tables/rows';
import { printTypescript } from '../../shared/exports/typescript';
import type { NetworkDocument } from '../../shared/schema/document';
import type { ExportTargetId } from '../../shared/schema/exports';
import type { Language } from '../../shared/text';

/** `language`: that of the words in a table. */
type Print = (
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  language: Language,
) => Result<readonly GeneratedFile[]>;

function filesOf(print: (document: NetworkDocument, analysis: NetworkAnalysis) => Result<PythonProject>): Print {
  return (document, analysis) => {
    const printed = print(document, analysis);
    return printed.ok ? success(printed.value.files) : printed;
  };
}

/** A table has a line for each node, in their order, below its rule. */
function tableAs(path: string, print: (table: Table) => string): Print {
  return (document, analysis, language) => {
    const text = print(layerTable(document, analysis, language));
    const first = text.split('\n').findIndex((line) => /^\| -{3}|^ +\\midrule$/.test(line)) + 2;
    const nodeLines = new Map([...analysis.nodes.keys()].map((id, row) => [id, [first + row]]));
    return success([{ path, text, nodeLines }]);
  };
}

/** What the code panel can show, every target that is text, by the target that writes the same. */
const printers = {
  typescript: (document, analysis) => printTypescript(document, analysis),
  pytorch: filesOf(printPytorch),
  keras: filesOf(printKeras),
  jax: filesOf(printJax),
  nnc: (document, analysis) => {
    const printed = printNncFile(document, analysis);
    return printed.ok ? success([printed.value]) : printed;
  },
  markdown: tableAs('network.md', printMarkdown),
  latex: tableAs('network.tex', printLatex),
} as const satisfies Partial<Record<ExportTargetId, Print>>;

/** A target whose text the code panel shows. */
export type CodeLanguage = keyof typeof printers;

export const languages: { readonly [L in CodeLanguage]: Print } = printers;

export const codeLanguages = Object.keys(languages) as readonly CodeLanguage[];

/** The language of a name that was kept; the first where it is none. */
export function languageOf(name: unknown): CodeLanguage {
  return codeLanguages.find((one) => one === name) ?? 'typescript';
}
