import type { DataLook, SampleRef } from '../../shared/host/dataLook';
import { formatShape } from '../../shared/text';
import { countText, tableLines } from './table';

const listed = 5;
const barWidth = 24;

function percentText(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;
}

/** How a person finds a sample: by its file, or by its place. */
function sampleText({ part, index, name }: SampleRef): string {
  return name === null ? `${part} ${index}` : `${name} (${part})`;
}

function balanceLines({ info, parts }: DataLook): readonly string[] {
  const counted = parts.filter(({ classCounts }) => classCounts !== null);
  if (counted.length === 0 || info.classes.length === 0) return [];
  const totals = info.classes.map((_, index) =>
    counted.reduce((sum, { classCounts }) => sum + (classCounts?.[index] ?? 0), 0),
  );
  const isLabels = info.task === 'multi-label';
  // Samples with any number of classes are counted once for each: the share is then that of the samples.
  const all = isLabels
    ? counted.reduce((sum, { count }) => sum + count, 0)
    : totals.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...totals);
  const isMasks = info.task === 'segmentation';
  const columns = [
    { title: 'class', align: 'left' },
    ...(isMasks ? [] : counted.map(({ part }) => ({ title: part, align: 'right' }) as const)),
    { title: isMasks ? 'of pixels' : isLabels ? 'of samples' : 'share', align: 'right' },
    { title: '', align: 'left' },
  ] as const;
  return tableLines(
    columns,
    info.classes.map((name, index) => [
      name,
      ...(isMasks ? [] : counted.map(({ classCounts }) => countText(classCounts?.[index] ?? 0))),
      percentText(all === 0 ? 0 : (totals[index] ?? 0) / all),
      '█'.repeat(Math.round((barWidth * (totals[index] ?? 0)) / most)),
    ]),
  );
}

function sizeLines({ sizes, sizeCount }: DataLook): readonly string[] {
  if (sizes.length === 0) return [];
  const words = sizes
    .slice(0, listed)
    .map(({ height, width, channels, count }) => `${formatShape([height, width, channels])} ${countText(count)} times`);
  const rest = sizeCount - Math.min(sizes.length, listed);
  return [`Sizes: ${words.join(', ')}${rest > 0 ? `, and ${countText(rest)} more sizes` : ''}.`];
}

function valueLines({ values, info }: DataLook): readonly string[] {
  if (values.length === 0) return [];
  return tableLines(
    [
      { title: 'mask value', align: 'right' },
      { title: 'of pixels', align: 'right' },
      { title: 'class', align: 'left' },
    ],
    values.map(({ value, share, classIndex }) => [
      value,
      percentText(share),
      classIndex === null ? 'none (ignored)' : `${classIndex}: ${info.classes[classIndex] ?? ''}`,
    ]),
  );
}

function likenessLines({ duplicates, nearlyEqual }: DataLook): readonly string[] {
  const { count, acrossCount, groups } = duplicates;
  const more = (shown: number, all: number): readonly string[] =>
    all > shown ? [`  and ${countText(all - shown)} more`] : [];
  return [
    ...(count === 0
      ? ['No sample is there twice.']
      : [
          `${countText(count)} samples are copies of others; ${countText(acrossCount)} of them are scored on and trained on.`,
          ...groups.slice(0, listed).map((group) => `  ${group.slice(0, listed).map(sampleText).join(' = ')}`),
          ...more(listed, groups.length),
        ]),
    ...(nearlyEqual.count === 0
      ? []
      : [
          `${countText(nearlyEqual.count)} pictures that are scored on look as one that is trained on:`,
          ...nearlyEqual.pairs
            .slice(0, listed)
            .map(({ trained, scored }) => `  ${sampleText(scored)} ~ ${sampleText(trained)}`),
          ...more(listed, nearlyEqual.count),
        ]),
  ];
}

function brokenLines({ broken }: DataLook): readonly string[] {
  if (broken.count === 0) return [];
  return [
    `${countText(broken.count)} left out:`,
    ...broken.list.map(({ name, reason }) => `  ${name}: ${reason.en}`),
    ...(broken.count > broken.list.length ? [`  and ${countText(broken.count - broken.list.length)} more`] : []),
  ];
}

function adaptationLines({ adaptation }: DataLook, hasNetwork: boolean): readonly string[] {
  if (!hasNetwork) return [];
  if (adaptation === null) return ['The Input of the network takes them as they are.'];
  const { from, to, changed, reason, input } = adaptation;
  return [
    `${countText(changed)} pictures, most of ${formatShape(from)}, come to the Input ${formatShape(to)}. ${reason.en}`,
    ...(input === null
      ? []
      : [`  An Input of ${formatShape(input)} would lose less; or choose --fit crop or letterbox.`]),
  ];
}

/** What a look at data found, for a person to read. */
export function dataLookLines(look: DataLook, hasNetwork: boolean): readonly string[] {
  const { info, parts, columns } = look;
  const what =
    info.inputShape.length === 3
      ? `pictures of ${formatShape(info.inputShape)}`
      : `rows of ${formatShape(info.inputShape)}`;
  const becomes = info.targetShape === undefined ? '' : `; each becomes a picture of ${formatShape(info.targetShape)}`;
  const counts = parts.map(({ part, count }) => `${countText(count)} ${partWords[part]}`).join(', ');
  const sections = [
    [
      `${info.spec}: ${info.task}, ${what}${becomes}`,
      `${counts}. ${info.split.en}`,
      ...(info.snapshot === undefined ? [] : [`Snapshot ${info.snapshot}`]),
    ],
    balanceLines(look),
    valueLines(look),
    columns.length === 0
      ? []
      : tableLines(
          [
            { title: 'column', align: 'left' },
            { title: 'mean', align: 'right' },
            { title: 'deviation', align: 'right' },
          ],
          columns.map(({ name, mean, deviation }) => [name, mean.toPrecision(4), deviation.toPrecision(4)]),
        ),
    [...sizeLines(look), ...likenessLines(look), ...adaptationLines(look, hasNetwork)],
    brokenLines(look),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));
}

const partWords = { train: 'for training', validation: 'for validation', test: 'kept apart for a test' } as const;

function sampleJson({ part, index, name }: SampleRef): object {
  return { part, index, name };
}

/** The same as JSON; what `data.info` has of it stands at the top, as it always has. */
export function dataLookJson(look: DataLook): object {
  const { info, parts, duplicates, nearlyEqual, broken, adaptation, ...rest } = look;
  return {
    ...info,
    split: info.split.en,
    parts: parts.map(({ part, count, classCounts }) => ({ part, count, classCounts })),
    ...rest,
    duplicates: { ...duplicates, groups: duplicates.groups.map((group) => group.map(sampleJson)) },
    nearlyEqual: {
      count: nearlyEqual.count,
      pairs: nearlyEqual.pairs.map(({ trained, scored }) => ({
        trained: sampleJson(trained),
        scored: sampleJson(scored),
      })),
    },
    broken: { count: broken.count, list: broken.list.map(({ name, reason }) => ({ name, reason: reason.en })) },
    adaptation: adaptation === null ? null : { ...adaptation, reason: adaptation.reason.en },
  };
}
