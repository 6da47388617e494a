import { z } from 'zod';
import { text, type Text } from '../text';

/** Choices of a figure, each in words. */
export const figureChoices = {
  view: {
    graph: text('Graph', '计算图'),
    volumes: text('Volumes', '体积图'),
  },
  style: {
    auto: text('Auto', '自动'),
    bars: text('Bars', '条块'),
    boxes: text('Boxes', '方块'),
  },
  arrangement: {
    auto: text('Auto', '自动'),
    row: text('Row', '单行'),
    lines: text('Lines', '多行'),
    u: text('U', 'U 形'),
  },
  scale: {
    sqrt: text('Root', '平方根'),
    linear: text('Linear', '线性'),
    log: text('Log', '对数'),
  },
  heat: {
    none: text('Off', '关'),
    params: text('Parameters', '参数量'),
    macs: text('MACs', '乘加次数'),
    memory: text('Activations', '激活内存'),
    time: text('Time', '用时'),
    gradient: text('Gradient', '梯度'),
    dead: text('Dead units', '失活单元'),
  },
} as const satisfies Record<string, Readonly<Record<string, Text>>>;

/** How wide a figure may be on paper, in millimetres, and how many pixels an inch of it may have. */
export const figureLimits = { width: { min: 10, max: 2000 }, dpi: { min: 36, max: 1200 } } as const;

/** The names of a choice, as a list that is not empty. */
export function choiceNames<T extends string>(choice: Readonly<Record<T, Text>>): readonly [T, ...T[]] {
  // Object.keys forgets which keys; no choice above is empty.
  return Object.keys(choice) as [T, ...T[]];
}

/** What a figure of a network shows, and how: the options of the exports that draw. Tables read the language alone. */
export const figureOptionsSchema = z.strictObject({
  /** The network as it is wired on the canvas, or its maps as volumes. */
  view: z.enum(choiceNames(figureChoices.view)).default('graph'),
  /** Volumes as flat bars, as U-Net's figure has them, or as boxes with a depth. 'auto' chooses by the network. */
  style: z.enum(choiceNames(figureChoices.style)).default('auto'),
  /**
   * Volumes in one row, in as many lines as fit a page, or as a U: a line for each scale, with skips straight across. 'auto' takes the U
   * for what goes down and up again, else lines where a row would be too wide to be read.
   */
  arrangement: z.enum(choiceNames(figureChoices.arrangement)).default('auto'),
  /** How lengths follow sizes; the small ones keep a least length. */
  scale: z.enum(choiceNames(figureChoices.scale)).default('sqrt'),
  /** What cards and volumes are coloured by in place of their families; with each its number and its share. */
  heat: z.enum(choiceNames(figureChoices.heat)).default('none'),
  /** What 'time', 'gradient' and 'dead' colour by: numbers by the id of the flat node. They are measured, so the drawer cannot know them. */
  measured: z.record(z.string(), z.number().min(0)).exactOptional(),
  /** Whether sizes stand beside what they belong to. */
  shapes: z.boolean().default(true),
  legend: z.boolean().default(true),
  /** How wide the figure is on paper, in millimetres. */
  width: z.number().min(figureLimits.width.min).max(figureLimits.width.max).default(180),
  /** Pixels in an inch, for pictures in pixels. */
  dpi: z.int().min(figureLimits.dpi.min).max(figureLimits.dpi.max).default(300),
  language: z.enum(['en', 'zh']).default('en'),
});

/** {@link figureOptionsSchema} with its defaults filled in. */
export type FigureOptions = z.infer<typeof figureOptionsSchema>;
/** What may be said of a figure; the rest is by default. */
export type FigureRequest = z.input<typeof figureOptionsSchema>;

/** The options where nothing is said. */
export const defaultFigureOptions: FigureOptions = figureOptionsSchema.parse({});
