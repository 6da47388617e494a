import { explainLargestBatch, explainMemory } from '../../shared/analysis/explainTotals';
import { estimateTrainingMemory } from '../../shared/analysis/memory';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { fill, useText } from '../i18n';
import { useHost } from '../store';
import { useTrainingConfig } from '../training/useTrainingConfig';
import { formatCount } from '../ui';
import { formatBytes } from '../ui/units';
import { FormulaCard } from './FormulaCard';

/** What a training step takes in memory with the settings as they are, and the largest batch that this machine holds. */
export function MemoryForecast({ analysis }: { readonly analysis: NetworkAnalysis }) {
  const { t } = useText('inspector');
  const { batchSize, optimizer, recompute } = useTrainingConfig();
  const available = useHost((state) => state.info?.memoryBytes ?? null);
  const memory = estimateTrainingMemory(analysis, batchSize, optimizer);
  const title = fill(t.trainingMemory, { batch: formatCount(batchSize) });
  if (memory === null) {
    return (
      <FormulaCard id="memoryForecast" title={title} result={t.unknown} note={t.memoryOpen} isOpenAtFirst={false} />
    );
  }
  const largest = available === null ? null : explainLargestBatch(analysis, optimizer, available);
  return (
    <>
      <FormulaCard
        id="memoryForecast"
        title={title}
        result={formatBytes(memory.totalBytes)}
        explanations={explainMemory(analysis, memory, batchSize, optimizer)}
        note={fill(t.memoryTotal, { bytes: formatCount(memory.totalBytes) })}
        isOpenAtFirst={false}
      />
      {largest === null || available === null ? null : (
        <FormulaCard
          id="largestBatch"
          title={fill(t.largestBatch, { bytes: formatBytes(available) })}
          result={largest.batchSize === 0 ? t.noBatch : formatCount(largest.batchSize)}
          explanations={[largest.explanation]}
          note={{ auto: t.batchKeepsAll, on: t.batchRecomputes, off: undefined }[recompute]}
          isOpenAtFirst={false}
        />
      )}
    </>
  );
}
