import { basename } from 'node:path';
import { totalmem } from 'node:os';
import { analyzeNetwork } from '../../shared/analysis/analyze';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { badOptionValue } from '../../shared/diagnostics/catalog/commandLine';
import { transformNoOwnHead } from '../../shared/diagnostics/catalog/transforms';
import { failure, success, type Result } from '../../shared/diagnostics/diagnostic';
import type { HeadReport } from '../../shared/exports/tables/heads';
import type { StepMeasure } from '../../shared/host/api';
import type { NetworkDocument } from '../../shared/schema/document';
import type { TrainingConfig } from '../../shared/schema/training';
import { text } from '../../shared/text';
import {
  builtHeads,
  fittingBatch,
  headFigures,
  headLab,
  headOfWord,
  headWords,
  timedMemoryShare,
  type BuiltHead,
} from '../../shared/transforms/headLab';
import { blockAsHead, type OwnHead } from '../../shared/transforms/ownHead';
import { readNetwork } from './readNetwork';
import { withHost } from './withHost';

/** What `--heads` asks for: the ids of the lab's heads in the order that they were named, and heads of one's own. */
type Wanted = { readonly ids: readonly string[]; readonly own: readonly OwnHead[] };

/** The heads that are built in, as the help lists them. */
export const builtInHeads = Object.values(headWords);

/** `fc,gap,my-head.json,#block`: words for the built-in heads, else files whose heads are taken, or blocks of a file or of this one. */
async function readHeads(document: NetworkDocument, analysis: NetworkAnalysis, list: string): Promise<Result<Wanted>> {
  const ids: string[] = [];
  const own: OwnHead[] = [];
  for (const word of list.split(',').map((part) => part.trim())) {
    const kind = headOfWord(word);
    if (kind !== null) {
      if (!ids.includes(kind)) ids.push(kind);
      continue;
    }
    if (!/[./\\#]/.test(word)) {
      const wanted = text(
        `a list of ${builtInHeads.join(', ')}, files and #blocks`,
        `${builtInHeads.join('、')}、文件和 #块 的列表`,
      );
      return failure(badOptionValue('--heads', list, wanted));
    }
    const head = await readOwnHead(document, analysis, word);
    if (!head.ok) return head;
    if (own.some(({ name }) => name === head.value.name)) continue;
    own.push(head.value);
    ids.push(`own:${head.value.name}`);
  }
  return success({ ids, own });
}

async function readOwnHead(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  word: string,
): Promise<Result<OwnHead>> {
  const [path = '', block] = word.split('#');
  const source = path === '' ? success(document) : await readNetwork(path);
  if (!source.ok) return source;
  if (block === undefined) {
    const { name } = source.value;
    return success({ name: name === '' ? basename(path) : name, document: source.value });
  }
  const { blocks = {} } = source.value;
  const head = Object.hasOwn(blocks, block) ? blockAsHead(document, analysis, { name: block, blocks }) : null;
  return head === null ? failure(transformNoOwnHead(word)) : success(head);
}

/** What is compared, and how it was measured, if it was. */
export type HeadComparison = {
  readonly report: HeadReport;
  readonly heads: readonly BuiltHead[];
  readonly config: TrainingConfig;
  readonly measured: Pick<StepMeasure, 'engine' | 'device' | 'steps'> | null;
};

/** Builds the heads that are asked for, one failing which is refused; with `measure` each is also run for some steps. */
export async function compareHeads(
  document: NetworkDocument,
  list: string,
  given: TrainingConfig,
  measure: boolean,
): Promise<Result<HeadComparison>> {
  const analysis = analyzeNetwork(document);
  const wanted = await readHeads(document, analysis, list);
  if (!wanted.ok) return wanted;
  const lab = headLab(document, analysis, wanted.value.own);
  if (!lab.ok) return lab;
  const built = builtHeads(lab.value);
  const heads: (typeof built)[number][] = [];
  for (const id of wanted.value.ids) {
    const refused = lab.value.heads.find((head) => head.id === id && head.state === 'impossible');
    if (refused?.state === 'impossible') return failure(...refused.diagnostics);
    heads.push(...built.filter((head) => head.id === id));
  }
  const config = measure ? { ...given, batchSize: fittingBatch(heads, given, totalmem() * timedMemoryShare) } : given;
  let figures = heads.map((head) => headFigures(head, config));
  let measured: HeadComparison['measured'] = null;
  if (measure) {
    const steps = await measureAll(heads, config);
    if (!steps.ok) return steps;
    figures = figures.map((one, index) => ({ ...one, secondsPerStep: steps.value[index]?.secondsPerStep ?? null }));
    measured = steps.value[0] ?? null;
  }
  const report = { name: document.name, figures, note: lab.value.note, batchSize: config.batchSize };
  return success({ report, heads, config, measured });
}

async function measureAll(
  heads: readonly BuiltHead[],
  config: TrainingConfig,
): Promise<Result<readonly StepMeasure[]>> {
  return await withHost(async (host) => {
    const measured: StepMeasure[] = [];
    for (const { document } of heads) {
      const one = await host.request('run.measure', { document, config });
      if (!one.ok) return one;
      measured.push(one.value);
    }
    return success(measured);
  });
}
