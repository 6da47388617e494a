import { useEffect, useMemo } from 'react';
import { structureDigest } from '../../shared/document/digest';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { HeadReport } from '../../shared/exports/tables/heads';
import type { RunSummary, StepMeasure } from '../../shared/host/api';
import { text } from '../../shared/text';
import { deviceText } from '../../shared/training/deviceText';
import { builtHeads, headFigures, headLab, type HeadFigures, type LabHead } from '../../shared/transforms/headLab';
import { useProject, useRun } from '../session';
import { useRequest } from '../store/useRequest';
import { useTrainingConfig } from '../training/useTrainingConfig';
import { useHeadRace } from './headRace';

/** A head that could be built, with its figures and the run that trained it last. */
export type HeadColumn = {
  readonly head: Exclude<LabHead, { readonly state: 'impossible' }>;
  readonly figures: HeadFigures;
  readonly run: RunSummary | null;
};

export type HeadLabView = {
  readonly columns: readonly HeadColumn[];
  /** Heads that cannot stand on this trunk. */
  readonly refused: readonly Extract<LabHead, { readonly state: 'impossible' }>[];
  readonly report: HeadReport | null;
  /** The runs of the newest race of which a network is one of the columns, in the order in which they were trained. */
  readonly race: readonly RunSummary[];
  readonly measure: StepMeasure | null;
  /** Why the network has no heads to compare. */
  readonly problem: Diagnostic | null;
};

/** The accuracy (or mean IoU) that a run ended with. */
export function scoreOf(run: RunSummary | null): number | null {
  return run?.lastEpoch?.valMeanIou ?? run?.lastEpoch?.valAccuracy ?? null;
}

/** The runs of the newest race in which one of these networks was trained. */
function newestRace(runs: readonly RunSummary[], digests: ReadonlySet<string>): readonly RunSummary[] {
  const newest = runs.find(({ variant }) => variant !== undefined && digests.has(variant.network));
  const group = newest?.variant?.group;
  return group === undefined ? [] : runs.filter(({ variant }) => variant?.group === group).reverse();
}

const noRuns: readonly RunSummary[] = [];

/** All that the head lab shows of the open network. */
export function useHeadLab(): HeadLabView {
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const config = useTrainingConfig();
  const { own, measured } = useHeadRace();
  const { value, reload } = useRequest('run.list', {});
  const phase = useRun((run) => run.phase);
  const epochs = useRun((run) => ('epochs' in run ? run.epochs.length : 0));
  useEffect(() => reload(), [phase, epochs, reload]);
  const runs = value ?? noRuns;
  const lab = useMemo(() => headLab(document, analysis, own), [document, analysis, own]);
  const built = useMemo(
    () =>
      lab.ok
        ? builtHeads(lab.value).map((head) => ({
            head,
            digest: structureDigest(head.document),
            figures: headFigures(head, config),
          }))
        : [],
    [lab, config],
  );
  return useMemo(() => {
    const race = newestRace(runs, new Set(built.map(({ digest }) => digest)));
    const columns = built.map(({ head, digest, figures }): HeadColumn => {
      const run = race.find(({ variant }) => variant?.network === digest) ?? null;
      const secondsPerStep = measured.get(digest)?.secondsPerStep ?? null;
      return { head, run, figures: { ...figures, secondsPerStep, score: scoreOf(run) } };
    });
    const measure = [...measured.values()][0] ?? null;
    return {
      columns,
      race,
      measure,
      refused: lab.ok ? lab.value.heads.flatMap((head) => (head.state === 'impossible' ? [head] : [])) : [],
      problem: lab.ok ? null : (lab.diagnostics[0] ?? null),
      report: lab.ok
        ? {
            name: document.name,
            figures: columns.map(({ figures }) => figures),
            note: withMeasure(lab.value.note, measure),
            batchSize: config.batchSize,
          }
        : null,
    };
  }, [built, runs, measured, lab, document.name, config.batchSize]);
}

/** What was measured is worth something only with where, and on how much. */
function withMeasure(note: HeadReport['note'], measure: StepMeasure | null): HeadReport['note'] {
  if (measure === null) return note;
  const { batchSize } = measure;
  const device = deviceText(measure.device);
  return text(
    `${note.en} A step is one of ${batchSize} samples on ${device.en}.`,
    `${note.zh}每步为 ${device.zh} 上的 ${batchSize} 个样本。`,
  );
}
