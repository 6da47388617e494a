import {
  paint,
  rectangle,
  round,
  textWidth,
  type DrawnFamily,
  type Figure,
  type FigurePart,
  type Mark,
} from '../../figures/figure';
import { formatBytes, formatCount, formatShare, formatShort, text, type Language, type Text } from '../../text';
import { wrapText } from '../../layout/textWidth';
import { headKinds, type HeadKind } from '../../transforms/findHead';
import type { HeadFigures } from '../../transforms/headLab';
import { lineText } from '../names';
import { formatSeconds, type HeadReport } from '../tables/heads';

const width = 720;
const left = 24;
const barHeight = 22;
const rowHeight = 64;
const top = 84;
const titleSize = 20;
const nameSize = 14;
const smallSize = 11;
const lineHeight = 15;

const words = {
  title: text('Trainable parameters by head', '各分类头的可训练参数'),
  trunk: text('trunk', '主干'),
  head: text('head', '分类头'),
  macs: text('MACs', '乘加次数'),
  file: text('weights', '权值'),
  step: text('a step', '每步'),
  score: text('validation', '验证'),
  asDrawn: text('as drawn', '当前'),
} as const satisfies Record<string, Text>;

const colours: { readonly [K in HeadKind]: DrawnFamily } = { fc: 'fc', gap: 'gap', convGap: 'upconv', conv: 'conv' };

/** Each kind of head in a colour of its own; those that somebody drew in the colour of blocks. */
function colourOf({ id }: HeadFigures): DrawnFamily {
  const kind = headKinds.find((one) => one === id);
  return kind === undefined ? 'block' : colours[kind];
}

function fitted(words: string, size: number, room: number): string {
  const line = lineText(words);
  if (textWidth(line, size) <= room) return line;
  const letters = Array.from(line);
  while (letters.length > 1 && textWidth(`${letters.join('')}…`, size) > room) letters.pop();
  return `${letters.join('')}…`;
}

/**
 * The heads as bars, one below the other and to one scale, for a slide: trunk and head of each, with the numbers that a talk names. Bars are
 * linear from zero, so that a length is a count; a head too small to be seen keeps a hair's breadth.
 */
export function drawHeadBars(report: HeadReport, language: Language): Figure {
  const { figures } = report;
  const largest = Math.max(...figures.map(({ trainableParams }) => trainableParams), 1);
  const room = width - 2 * left;
  const notes = wrapText(report.note[language], smallSize, room * 0.8);
  const end = top + figures.length * rowHeight;
  const height = end + 28 + notes.length * lineHeight;
  return {
    title: lineText(report.name),
    frame: { x: 0, y: 0, width, height },
    parts: [
      { nodes: [], marks: titleMarks(report, language) },
      ...figures.map((one, row): FigurePart => {
        const y = top + row * rowHeight;
        return { nodes: [], marks: rowMarks(one, { y, room, largest, language }) };
      }),
      {
        nodes: [],
        marks: notes.map((line, index) => ({
          type: 'text',
          x: left,
          y: end + 14 + index * lineHeight,
          text: line,
          size: smallSize,
          paint: paint('mute'),
          anchor: 'start',
        })),
      },
    ],
  };
}

function titleMarks({ name }: HeadReport, language: Language): readonly Mark[] {
  const y = 62;
  const legend = words.trunk[language];
  return [
    {
      type: 'text',
      x: left,
      y: 36,
      text: fitted(
        name === '' ? words.title[language] : `${name}: ${words.title[language]}`,
        titleSize,
        width - 2 * left,
      ),
      size: titleSize,
      paint: paint('ink'),
      anchor: 'start',
      isBold: true,
    },
    { type: 'path', d: rectangle({ x: left, y: y - 9, width: 10, height: 10 }, 2), fill: paint('line', 0.55) },
    { type: 'text', x: left + 16, y, text: legend, size: smallSize, paint: paint('mute'), anchor: 'start' },
    {
      type: 'path',
      d: rectangle({ x: left + 28 + textWidth(legend, smallSize), y: y - 9, width: 10, height: 10 }, 2),
      fill: paint('ink'),
    },
    {
      type: 'text',
      x: round(left + 44 + textWidth(legend, smallSize)),
      y,
      text: words.head[language],
      size: smallSize,
      paint: paint('mute'),
      anchor: 'start',
    },
  ];
}

type Row = { readonly y: number; readonly room: number; readonly largest: number; readonly language: Language };

function rowMarks(one: HeadFigures, { y, room, largest, language }: Row): readonly Mark[] {
  const { label, trainableParams, head, share, macs, fileBytes, inputSizes, secondsPerStep, score, isCurrent } = one;
  const scale = (params: number): number => (room * params) / largest;
  const trunk = scale(trainableParams - head.trainableParams);
  const own = Math.max(scale(head.trainableParams), 1.5);
  const total = formatCount(trainableParams);
  const ofHead = `${words.head[language]} ${formatCount(head.trainableParams)} (${formatShare(share)})`;
  const facts = [
    ofHead,
    `${words.macs[language]} ${formatShort(macs)}`,
    `${words.file[language]} ${formatBytes(fileBytes)}`,
    inputSizes[language],
  ];
  const measured = [
    ...(secondsPerStep === null ? [] : [`${words.step[language]} ${formatSeconds(secondsPerStep)}`]),
    ...(score === null ? [] : [`${words.score[language]} ${(100 * score).toFixed(1)} %`]),
  ];
  const name = isCurrent ? `${label[language]} (${words.asDrawn[language]})` : label[language];
  return [
    {
      type: 'text',
      x: left,
      y: y + 12,
      text: fitted(name, nameSize, room - textWidth(total, nameSize) - 16),
      size: nameSize,
      paint: paint('ink'),
      anchor: 'start',
      isBold: true,
    },
    {
      type: 'text',
      x: left + room,
      y: y + 12,
      text: total,
      size: nameSize,
      paint: paint('ink'),
      anchor: 'end',
      isBold: true,
    },
    { type: 'path', d: rectangle({ x: left, y: y + 18, width: trunk, height: barHeight }), fill: paint('line', 0.55) },
    {
      type: 'path',
      d: rectangle({ x: left + trunk, y: y + 18, width: own, height: barHeight }),
      fill: paint(colourOf(one)),
    },
    {
      type: 'text',
      x: left,
      y: y + 18 + barHeight + 13,
      text: facts.join('  ·  '),
      size: smallSize,
      paint: paint('mute'),
      anchor: 'start',
    },
    {
      type: 'text',
      x: left + room,
      y: y + 18 + barHeight + 13,
      text: measured.join('  ·  '),
      size: smallSize,
      paint: paint('mute'),
      anchor: 'end',
    },
  ];
}
