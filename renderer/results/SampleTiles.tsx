import { ScanSearch, Undo2 } from 'lucide-react';
import { useMemo } from 'react';
import { limits } from '../../shared/schema/limits';
import { samplePictures, type PictureOf, type ShownSamples } from '../../shared/ops/pixels';
import { formatCount } from '../../shared/text';
import { areStyled, placeOf, type Answers } from '../../shared/training/answers';
import { samplesOfCell, worstSamples } from '../../shared/training/confusion';
import { percentText, sampleLabelsText, samplePsnrText, valuesText } from '../../shared/training/scoreTexts';
import { fill, useText } from '../i18n';
import { useSample } from '../maps/sample';
import { showDockTab } from '../store';
import { useRequest } from '../store/useRequest';
import { Failures, IconButton } from '../ui';
import { PixelCanvas } from './PixelCanvas';
import { useScored } from './scored';
import type { Scored } from './scored';
import styles from './results.module.css';

/** As many as can be looked at. */
const mostShown = 60;

/** The samples of the chosen cell, else the worst mistakes. */
export function SampleTiles({ scored }: { readonly scored: Scored }) {
  const { t } = useText('results');
  const { cell, choose } = useScored();
  const { answers, asked } = scored;
  const inCell = useMemo(
    () => (cell !== null && answers.task === 'classification' ? samplesOfCell(answers, cell) : null),
    [answers, cell],
  );
  const all = useMemo(() => inCell ?? worstSamples(answers, limits.shownSamples), [answers, inCell]);
  const samples = all.slice(0, mostShown);
  const { value, diagnostics } = useRequest('model.samples', samples.length === 0 ? null : { ...asked, samples });
  const title =
    inCell === null || cell === null
      ? areStyled(answers)
        ? t.styled
        : t.worst
      : fill(t.taken, {
          truth: answers.classes[cell.truth] ?? '',
          given: answers.classes[cell.given] ?? '',
          confidence: fill(t.samplesOf, { count: samples.length, total: formatCount(all.length) }),
        });
  return (
    <section className={styles['samples']} aria-label={title}>
      <header className={styles['head']}>
        <h3>{title}</h3>
        {inCell === null ? null : (
          <IconButton size="sm" label={t.allMistakes} icon={<Undo2 size={14} />} onClick={() => choose(null)} />
        )}
      </header>
      <Failures diagnostics={diagnostics} />
      {samples.length === 0 ? <p className={styles['muted']}>{inCell === null ? t.noMistakes : t.noCell}</p> : null}
      <ul
        className={styles['tiles']}
        data-pictures={answers.task === 'image-to-image' ? true : undefined}
        data-labels={answers.task === 'multi-label' ? true : undefined}
      >
        {samples.map((sample, row) => (
          <Tile key={sample} sample={sample} row={row} shown={value} scored={scored} />
        ))}
      </ul>
    </section>
  );
}

type TileProps = {
  readonly sample: number;
  /** Its place in `shown`; null until the pictures are there. */
  readonly row: number;
  readonly shown: (ShownSamples & { readonly names: readonly string[] }) | null;
  readonly scored: Scored;
};

function useCaption(answers: Answers, sample: number): string {
  const { t } = useText('results');
  switch (answers.task) {
    case 'classification': {
      const nameOf = (index: number | undefined): string => answers.classes[index ?? -1] ?? '';
      return fill(t.taken, {
        truth: nameOf(answers.truth[sample]),
        given: nameOf(answers.given[sample]),
        confidence: percentText(answers.confidence[sample] ?? 0, 1),
      });
    }
    case 'multi-label':
      return fill(t.labelsOff, {
        truth: sampleLabelsText(answers, 'truth', sample, t.noLabels),
        given: sampleLabelsText(answers, 'given', sample, t.noLabels),
      });
    case 'segmentation':
      return fill(t.overlap, { iou: percentText(answers.sampleIou[sample] ?? 0, 1) });
    case 'regression':
      return fill(t.off, {
        truth: valuesText(answers, answers.truth, sample),
        given: valuesText(answers, answers.given, sample),
      });
    case 'image-to-image':
      return samplePsnrText(answers, sample);
  }
}

function Tile({ sample, row, shown, scored: { answers, asked } }: TileProps) {
  const { t } = useText('results');
  const [, changeSample] = useSample();
  const caption = useCaption(answers, sample);
  const place = placeOf(answers.parts, sample);
  const names: Readonly<Record<PictureOf, string>> =
    answers.task === 'image-to-image'
      ? { input: t.picture, truth: t.target, given: t.givenPicture, style: t.stylePicture }
      : { input: t.picture, truth: t.trueMask, given: t.givenMask, style: t.stylePicture };
  const pictures = shown === null ? [] : samplePictures(shown, row, answers.classes.length);
  const name = shown?.names[row] ?? '';
  // What looks inside takes samples of the validation part of the network's own data.
  const canLook = asked.data === null && place.part === 'validation';
  const look = (): void => {
    changeSample({ source: 'data', part: 'validation', index: place.index });
    showDockTab('inside');
  };
  return (
    <li className={styles['tile']}>
      <div className={styles['pictures']}>
        {pictures.map(({ of, pixels }) => (
          <PixelCanvas key={of} pixels={pixels} label={`${names[of]}: ${caption}`} />
        ))}
        {shown === null ? <span className={styles['waiting']} /> : null}
      </div>
      <p className="figures" title={name === '' ? undefined : name}>
        {caption}
      </p>
      {canLook ? (
        <IconButton size="sm" label={`${t.lookInside}: ${caption}`} icon={<ScanSearch size={14} />} onClick={look} />
      ) : null}
    </li>
  );
}
