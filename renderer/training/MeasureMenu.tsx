import { formatBytes, formatCount } from '../../shared/text';
import { useText, type Messages } from '../i18n';
import { Menu } from '../ui';
import { formatPercent, formatPercentTick, formatTick } from './chartNumbers';
import type { Measure } from './runSeries';

/** What each measure is called. */
export function measureWords(t: Messages<'training'>): { readonly [M in Measure]: string } {
  return {
    microF1: t.microF1,
    meanAveragePrecision: t.meanAveragePrecision,
    exactMatch: t.exactMatch,
    learningRate: t.learningRate,
    speed: t.samplesPerSecond,
    memory: t.trainerMemory,
    cores: t.trainerBusy,
  };
}

const share = { format: formatPercent, formatTick: formatPercentTick, top: 1 } as const;
const fewDigits = (value: number): string => String(Number(value.toPrecision(3)));
const whole = (value: number): string => formatCount(Math.round(value));

/** How the axis of each measure is written. */
export const measureAxis = {
  microF1: share,
  meanAveragePrecision: share,
  exactMatch: share,
  learningRate: { format: fewDigits, formatTick },
  speed: { format: whole, formatTick: whole },
  memory: { format: formatBytes, formatTick: formatBytes },
  cores: { format: fewDigits, formatTick },
} as const;

type MeasureMenuProps = {
  /** What the score is called; null where there is none. */
  readonly score: string | null;
  readonly offered: readonly Measure[];
  /** The one that is drawn; null: the score. */
  readonly measure: Measure | null;
  readonly onPick: (measure: Measure | null) => void;
};

/** Chooses what the second chart is of. */
export function MeasureMenu({ score, offered, measure, onPick }: MeasureMenuProps) {
  const { t } = useText('training');
  const words = measureWords(t);
  return (
    <Menu
      align="end"
      trigger={
        <button type="button" title={t.measure}>
          {measure === null ? score : words[measure]} ▾
        </button>
      }
      groups={[
        {
          actions: [
            ...(score === null
              ? []
              : [{ id: 'score', label: score, isChecked: measure === null, onSelect: () => onPick(null) }]),
            ...offered.map((one) => ({
              id: one,
              label: words[one],
              isChecked: one === measure,
              onSelect: () => onPick(one),
            })),
          ],
        },
      ]}
    />
  );
}
