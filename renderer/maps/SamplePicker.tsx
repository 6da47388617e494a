import { useEffect } from 'react';
import { ChevronLeft, ChevronRight, Dices } from 'lucide-react';
import { text } from '../../shared/text';
import type { Inspection } from '../../shared/host/api';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { en, zh } from '../i18n/maps';
import { fill, useText } from '../i18n';
import { useDataInfo } from '../training/useDataInfo';
import { Button, IconButton, IndexField, Segments, Select } from '../ui';
import { DrawBoard } from './DrawBoard';
import { isDrawable } from './drawable';
import type { Inspected } from './inspected';
import { picturePlanes } from './picture';
import { PlaneView } from './PlaneView';
import type { Sample } from './sample';
import styles from './maps.module.css';

type SamplePickerProps = {
  /** Whose data the picture is of, read as its settings say. */
  readonly network: Pick<Inspected, 'document' | 'spec'>;
  readonly sample: Sample;
  readonly onChange: (change: Partial<Sample>) => void;
  /** What was found for the sample: its picture is shown. */
  readonly found: Inspection | null;
  /** Height, width and channels of the network's input; null where nothing can be drawn for it. */
  readonly shape: readonly [number, number, number] | null;
};

/** One picture of the data, or a drawn one. */
export function SamplePicker({ network, sample, onChange, found, shape }: SamplePickerProps) {
  const { t, language } = useText('maps');
  const info = useDataInfo({ ...defaultTrainingConfig, ...network.document.train, data: network.spec })?.value;
  const count = (sample.part === 'train' ? info?.trainCount : info?.validationCount) ?? 1;
  const classes = info?.task === 'classification' ? info.classes : [];
  const move = (by: number): void => onChange({ index: (sample.index + by + count) % count });
  const planes = picturePlanes(found);
  const canDraw = isDrawable(shape);
  useKeptDrawing(sample, shape, onChange);
  return (
    <div className={styles['picker']}>
      {canDraw ? (
        <Segments
          label={t.source}
          value={sample.source}
          choice={{ data: text(en.fromData, zh.fromData), drawn: text(en.draw, zh.draw) }}
          language={language}
          onChange={(source) => onChange({ source })}
        />
      ) : null}
      {sample.source === 'drawn' && canDraw ? (
        <>
          <DrawBoard shape={shape} onDrawn={(pixels) => onChange({ pixels })} />
          {classes.length === 0 ? null : (
            <Select
              label={t.label}
              value={sample.label === null ? '' : String(sample.label)}
              items={[
                { value: '', label: t.unlabelled },
                ...classes.map((name, index) => ({ value: String(index), label: name })),
              ]}
              onChange={(value) => onChange({ label: value === '' ? null : Number(value) })}
            />
          )}
        </>
      ) : (
        <>
          {planes.length === 0 ? null : (
            <PlaneView planes={planes} label={t.picture} className={styles['shown'] ?? ''} />
          )}
          <div className={styles['steps']}>
            <IconButton size="sm" label={t.previous} icon={<ChevronLeft size={15} />} onClick={() => move(-1)} />
            <IndexField label={t.index} value={sample.index} count={count} onChange={(index) => onChange({ index })} />
            <IconButton size="sm" label={t.next} icon={<ChevronRight size={15} />} onClick={() => move(1)} />
            <IconButton
              size="sm"
              label={t.random}
              icon={<Dices size={15} />}
              onClick={() => onChange({ index: Math.floor(Math.random() * count) })}
            />
          </div>
        </>
      )}
      {sample.part === 'train' && sample.source === 'data' ? (
        <>
          <p className={styles['muted']}>{t.ofTraining}</p>
          <Button size="sm" variant="quiet" onClick={() => onChange({ part: 'validation', index: 0 })}>
            {t.toValidation}
          </Button>
        </>
      ) : null}
      <OwnClasses found={found} />
    </div>
  );
}

/** What the sample is, or has: one class, or any number of them. */
function OwnClasses({ found }: Pick<SamplePickerProps, 'found'>) {
  const { t } = useText('maps');
  if (found === null) return null;
  const { labels, labelSets, classes } = found;
  if (labelSets?.length === 1) {
    const names = (labelSets[0] ?? []).map((index) => classes[index] ?? '');
    return (
      <p className={styles['muted']}>
        {names.length === 0 ? t.hasNone : fill(t.hasLabels, { names: names.join(', ') })}
      </p>
    );
  }
  const label = labels?.length === 1 ? classes[labels[0] ?? -1] : undefined;
  return label === undefined ? null : <p className={styles['muted']}>{fill(t.isA, { name: label })}</p>;
}

/** A drawing is of one size: for a network that takes another one it is drawn anew, and where nothing can be drawn the data are back. */
function useKeptDrawing(
  { source, pixels }: Sample,
  shape: SamplePickerProps['shape'],
  onChange: SamplePickerProps['onChange'],
): void {
  useEffect(() => {
    if (source !== 'drawn') return;
    if (!isDrawable(shape)) onChange({ source: 'data' });
    else if (pixels !== null && pixels.length !== shape[0] * shape[1]) onChange({ pixels: null });
  }, [source, pixels, shape, onChange]);
}
