import { formatCount } from '../../shared/text';
import type { Calibration } from '../../shared/training/confusion';
import { percentText } from '../../shared/training/scoreTexts';
import { fill, useText } from '../i18n';
import styles from './results.module.css';

const width = 320;
const height = 160;

/** How often answers of a confidence are right, beside how often they should be. */
export function CalibrationBars({ calibration: { bins } }: { readonly calibration: Calibration }) {
  const { t } = useText('results');
  const step = width / bins.length;
  return (
    <div className={styles['scroll']}>
      <svg
        className={styles['bars']}
        viewBox={`-40 -6 ${width + 50} ${height + 26}`}
        role="img"
        aria-label={t.calibration}
      >
        {bins.map(({ from, to, accuracy, count }, index) =>
          count === 0 ? null : (
            <rect
              key={index}
              x={index * step + 2}
              y={(1 - accuracy) * height}
              width={step - 4}
              height={accuracy * height}
            >
              <title>
                {fill(t.calibrationBar, {
                  from: percentText(from, 0),
                  to: percentText(to, 0),
                  accuracy: percentText(accuracy, 0),
                  count: formatCount(count),
                })}
              </title>
            </rect>
          ),
        )}
        <path d={`M0 ${height}L${width} 0`} data-ideal />
        <path d={`M0 0V${height}H${width}`} />
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <text x={-5} y={(1 - share) * height + 4} textAnchor="end">
              {percentText(share, 0)}
            </text>
            <text x={share * width} y={height + 15} textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}>
              {percentText(share, 0)}
            </text>
          </g>
        ))}
      </svg>
      <p className={styles['muted']}>{t.calibrationHint}</p>
    </div>
  );
}
