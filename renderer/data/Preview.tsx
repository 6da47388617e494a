import { Dices } from 'lucide-react';
import { useState } from 'react';
import type { DataLook, PictureMix } from '../../shared/host/dataLook';
import { augmentationNames, mixingNames, mixingsOf, strengthsOf } from '../../shared/schema/augmentation';
import type { TrainingConfig } from '../../shared/schema/training';
import { fill, useText } from '../i18n';
import { useRequest } from '../store/useRequest';
import { EmptyState, Failures, IconButton } from '../ui';
import { Thumb, thumbAt } from './Thumb';
import styles from './data.module.css';

const samplesShown = 4;
const stepsShown = 7;

type PreviewProps = {
  readonly look: DataLook;
  readonly question: TrainingConfig;
  /** Whose strengths are shown. */
  readonly config: TrainingConfig;
};

/** Pictures of the training part as they are, and as training sees them in some steps. */
export function Preview({ look, question, config }: PreviewProps) {
  const { t } = useText('data');
  const [first, setFirst] = useState(0);
  const count = look.info.trainCount;
  const indices = Array.from({ length: Math.min(samplesShown, count) }, (_, at) => (first + at * 31) % count);
  const own = Object.fromEntries([...augmentationNames, ...mixingNames].map((name) => [name, config[name]]));
  const { augment, seed, batchSize } = config;
  const isChanged = strengthsOf(config) !== null || mixingsOf(config).length > 0;
  const nameOf = ({ classIndex, index }: PictureMix['own']): string =>
    look.info.classes[classIndex ?? -1] ?? fill(t.numbered, { index: index + 1 });
  const mixOf = ({ share, own: first, other }: PictureMix, words: string): string => {
    const percent = Math.round(100 * share);
    const names = { name: nameOf(first), share: percent, other: nameOf(other), rest: 100 - percent };
    return first.index === other.index ? names.name : fill(words, names);
  };
  const { value, diagnostics } = useRequest(
    'data.preview',
    isChanged
      ? {
          config: { ...question, ...own, augment, seed, batchSize },
          samples: [...new Set(indices)].map((index) => ({ part: 'train' as const, index })),
          steps: stepsShown,
        }
      : null,
    { keepsLast: true },
  );
  if (!isChanged) return <EmptyState title={t.noAugmentation} hint={t.noAugmentationHint} />;
  const rows = value === null ? 0 : value.pixels.length / (value.perSample * value.shape[0] * value.shape[1] * 3);
  return (
    <>
      <div className={styles['bar']}>
        <span className={styles['muted']}>{t.steps}</span>
        <span className={styles['space']} />
        <IconButton
          size="sm"
          label={t.otherSteps}
          icon={<Dices size={15} />}
          onClick={() => setFirst(Math.floor(Math.random() * count))}
        />
      </div>
      <Failures diagnostics={diagnostics} />
      {value === null ? null : (
        <div className={styles['scroll']} role="group" aria-label={t.augmented} tabIndex={0}>
          <ul className={styles['groups']}>
            {Array.from({ length: rows }, (_, row) => (
              <li key={row}>
                {Array.from({ length: value.perSample }, (_one, step) => {
                  const place = row * value.perSample + step;
                  const mix = value.mixes?.[place] ?? null;
                  const caption = mix === null ? (row === 0 && step === 0 ? t.original : null) : mixOf(mix, t.mixed);
                  const label = step === 0 ? t.original : `${t.augmented} ${step}`;
                  return (
                    <Thumb
                      key={step}
                      picture={thumbAt(value, place)}
                      label={mix === null ? label : `${label}: ${mixOf(mix, t.mixedFully)}`}
                      isMasked
                      {...(caption === null ? {} : { caption })}
                    />
                  );
                })}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}
