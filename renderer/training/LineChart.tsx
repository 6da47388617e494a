import { useEffect, useRef, type ReactNode } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { fill, useText } from '../i18n';
import { Menu, type MenuAction } from '../ui';
import { saveFile, svgToPng } from '../ui/saveFile';
import { panWithShift } from './chartPan';
import { chartSvg, pictureSize } from './chartSvg';
import styles from './LineChart.module.css';

/** One line of a chart. `color` is the name of a token, so that a theme switch recolours it. */
export type ChartSeries = {
  readonly id: string;
  readonly label: string;
  readonly color: `--${string}`;
  readonly width: number;
  readonly alpha?: number;
  /** Dots at its values: for what is measured seldom (once an epoch). */
  readonly points?: boolean;
  /** Left out of the legend: the faint line behind its own average. */
  readonly hidden?: boolean;
  /** In dashes: of another run, or of another kind. */
  readonly dash?: boolean;
};

type LineChartProps = {
  /** What the chart is of, for screen readers and for its heading. */
  readonly label: string;
  readonly series: readonly ChartSeries[];
  /** Reads the numbers when the chart draws: x, then one column per series. They never pass through React's state. */
  readonly read: () => uPlot.AlignedData;
  /** Calls back when there are new numbers, at most once a frame. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly format: (value: number) => string;
  /** Ticks of the y axis, shorter than the values in the legend. */
  readonly formatTick: (value: number) => string;
  /** The x axis in words: "step". */
  readonly xLabel: string;
  /** Upper end of the y axis that is always shown (1 for an accuracy). */
  readonly top?: number;
  readonly theme: 'light' | 'dark';
  /** Whether the y axis goes by factors; what is not above 0 has no place on it. */
  readonly isLog?: boolean;
  /** A value of the x axis in words; a count where it is left out. */
  readonly formatX?: (value: number) => string;
  /** The end of the y axis for what is usual, by the numbers that are drawn; null where all of them are to be seen. */
  readonly readTop?: (data: uPlot.AlignedData) => number | null;
  /** What a picture of the chart is called, without an ending. */
  readonly fileName?: string;
  /** What else of the chart can be saved. */
  readonly saves?: readonly MenuAction[];
  /** What can be done with the chart, beside its legend. */
  readonly actions?: ReactNode;
};

function token(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** The number of a column at a place, or the nearest one to it: lines of different runs have their points at different places. */
function valueNear(column: ArrayLike<number | null | undefined> | undefined, place: number): number | null {
  if (column === undefined) return null;
  for (let reach = 0; reach < column.length; reach += 1) {
    const value = column[place - reach] ?? column[place + reach];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Last number of a column that is there. */
function lastValue(column: ArrayLike<number | null | undefined> | undefined): number | null {
  if (column === undefined) return null;
  for (let index = column.length - 1; index >= 0; index -= 1) {
    const value = column[index];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

function chartOptions(
  element: HTMLElement,
  props: LineChartProps,
  onCursor: (index: number | null) => void,
  onZoom: () => void,
  topOf: () => number | null,
): uPlot.Options {
  const mute = token(element, '--mute');
  const font = `11px ${token(element, '--font-mono')}`;
  const { top, formatTick, formatX, isLog = false } = props;
  return {
    width: Math.max(element.clientWidth, 80),
    height: Math.max(element.clientHeight, 60),
    legend: { show: false },
    // Room on the right for half of the last tick's label.
    padding: [8, 28, 0, 0],
    cursor: {
      // A stretch that is drawn over is looked at; a double click shows all again.
      drag: { x: true, y: false, setScale: true },
      points: { size: 6 },
      y: false,
    },
    scales: {
      x: { time: false, range: (_chart, min, max) => [min, Math.max(max, min + 1)] },
      y: {
        // Linear and logarithmic: the enum is there in uPlot's types alone.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
        distr: isLog ? 3 : 1,
        range: (_chart, min, max) => {
          if (isLog) return min > 0 ? [min / 1.3, Math.min(max, topOf() ?? Infinity) * 1.3] : [0.01, 1];
          if (top !== undefined) return [Math.min(min, top * 0.9) < top * 0.5 ? 0 : Math.min(min, top * 0.9), top];
          const end = Math.min(max, topOf() ?? Infinity);
          return [0, end > 0 ? end * 1.05 : 1];
        },
      },
    },
    axes: [
      {
        stroke: mute,
        font,
        size: 24,
        gap: 4,
        space: 64,
        grid: { show: false },
        ticks: { show: false },
        values: (_chart, ticks) =>
          ticks.map((tick) => {
            if (formatX !== undefined) return formatX(tick);
            return Number.isInteger(tick) ? tick.toLocaleString('en-US') : '';
          }),
      },
      {
        stroke: mute,
        font,
        size: 42,
        gap: 6,
        space: 32,
        grid: { stroke: token(element, '--line'), width: 1 },
        ticks: { show: false },
        values: (_chart, ticks) =>
          ticks.map((tick) =>
            typeof tick === 'number' ? (isLog ? String(Number(tick.toPrecision(1))) : formatTick(tick)) : '',
          ),
      },
    ],
    series: [
      {},
      ...props.series.map((series): uPlot.Series => {
        const color = token(element, series.color);
        return {
          label: series.label,
          stroke: color,
          width: series.width,
          ...(series.dash === true ? { dash: [6, 4] } : {}),
          alpha: series.alpha ?? 1,
          spanGaps: true,
          points: series.points === true ? { show: true, size: 5, fill: color, stroke: color } : { show: false },
        };
      }),
    ],
    hooks: {
      setCursor: [(chart) => onCursor(chart.cursor.idx ?? null)],
      setSelect: [(chart) => (chart.select.width > 0 ? onZoom() : undefined)],
    },
  };
}

/** Saves what the chart shows, in the colours of the theme. */
async function savePicture(props: LineChartProps, chart: uPlot | null, form: 'svg' | 'png'): Promise<void> {
  if (chart === null) return;
  const { label, series, xLabel, isLog = false, formatTick, fileName = label } = props;
  const color = (name: string): string => token(chart.root, name);
  const [x, y] = [chart.scales['x'], chart.scales['y']];
  const svg = chartSvg({
    title: label,
    xLabel,
    isLog,
    formatTick,
    data: chart.data,
    x: [x?.min ?? 0, x?.max ?? 1],
    y: [y?.min ?? 0, y?.max ?? 1],
    lines: series.map((one) => ({
      label: one.label,
      color: color(one.color),
      width: one.width,
      alpha: one.alpha ?? 1,
      dash: one.dash === true,
      isNamed: one.hidden !== true,
    })),
    colors: { ground: color('--panel'), ink: color('--ink'), mute: color('--mute'), line: color('--line') },
  });
  if (form === 'svg') saveFile(`${fileName}.svg`, svg, 'image/svg+xml');
  else {
    const png = await svgToPng(svg, pictureSize);
    if (png !== null) saveFile(`${fileName}.png`, png, 'image/png');
  }
}

/**
 * A streaming line chart. The canvas is drawn from the buffer at the screen's pace; React renders only when the theme, the language
 * or the set of lines changes.
 */
export function LineChart(props: LineChartProps) {
  const { label, series, read, subscribe, format, xLabel, theme, isLog, actions, formatX, readTop, saves } = props;
  const { t } = useText('training');
  const drawn = useRef<uPlot | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLDListElement>(null);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const fields = [...(legend.current?.querySelectorAll('dd') ?? [])];
    let cursor: number | null = null;
    let isZoomed = false;

    const writeLegend = (data: uPlot.AlignedData): void => {
      const shown = series.flatMap((one, index) => (one.hidden === true ? [] : [index]));
      for (const [place, index] of shown.entries()) {
        const column = data[index + 1];
        const value = cursor === null ? lastValue(column) : valueNear(column, cursor);
        const field = fields[place];
        if (field) field.textContent = value === null ? '–' : format(value);
      }
      const x = cursor === null ? lastValue(data[0]) : (data[0][cursor] ?? null);
      const place = fields.at(-1);
      if (place) place.textContent = x === null ? '' : (formatX?.(x) ?? x.toLocaleString('en-US'));
    };

    let data = read();
    const chart = new uPlot(
      chartOptions(
        element,
        props,
        (index) => {
          cursor = index;
          writeLegend(chart.data);
        },
        () => (isZoomed = true),
        () => readTop?.(data) ?? null,
      ),
      data,
      element,
    );
    drawn.current = chart;
    writeLegend(chart.data);
    const redraw = (): void => {
      data = read();
      chart.setData(data, !isZoomed);
      if (isZoomed) chart.redraw();
      writeLegend(chart.data);
    };
    // Arrow keys lead the cursor along the curves, as the mouse does.
    const onKey = (event: KeyboardEvent): void => {
      const { length } = chart.data[0];
      const now = cursor ?? length - 1;
      const places: Readonly<Record<string, number>> = {
        ArrowLeft: now - (event.shiftKey ? 10 : 1),
        ArrowRight: now + (event.shiftKey ? 10 : 1),
        Home: 0,
        End: length - 1,
      };
      const wanted = places[event.key];
      if (wanted === undefined || length === 0) return;
      event.preventDefault();
      const place = Math.min(length - 1, Math.max(0, wanted));
      chart.setCursor({ left: chart.valToPos(chart.data[0][place] ?? 0, 'x'), top: 0 });
      cursor = place;
      writeLegend(chart.data);
    };
    element.addEventListener('keydown', onKey);
    chart.over.addEventListener('dblclick', () => {
      isZoomed = false;
      redraw();
    });
    const endPan = panWithShift(element, chart);
    const unsubscribe = subscribe(redraw);
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientHeight > 0) {
        chart.setSize({ width: element.clientWidth, height: element.clientHeight });
      }
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      unsubscribe();
      endPan();
      element.removeEventListener('keydown', onKey);
      drawn.current = null;
      chart.destroy();
    };
    // `theme` is a dependency because the canvas takes its colours from the tokens when it is made.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [series, read, subscribe, format, theme, isLog, formatX, readTop]);

  return (
    <figure className={styles['chart']} aria-label={label}>
      <figcaption className={styles['caption']}>
        <dl className={styles['legend']} ref={legend}>
          {series
            .filter((one) => one.hidden !== true)
            .map((one) => (
              <div key={one.id}>
                <dt>
                  <i style={{ background: `var(${one.color})` }} aria-hidden="true" />
                  <span title={one.label}>{one.label}</span>
                </dt>
                <dd className="figures" />
              </div>
            ))}
          <div>
            <dt>{xLabel}</dt>
            <dd className="figures" />
          </div>
        </dl>
        <span className={styles['tools']}>
          {actions}
          <Menu
            align="end"
            trigger={<button type="button">{t.saveChart}</button>}
            groups={[
              {
                actions: [
                  ...(saves ?? []),
                  { id: 'svg', label: t.saveSvg, onSelect: () => void savePicture(props, drawn.current, 'svg') },
                  { id: 'png', label: t.savePng, onSelect: () => void savePicture(props, drawn.current, 'png') },
                ],
              },
            ]}
          />
        </span>
      </figcaption>
      <div
        className={styles['plot']}
        ref={frame}
        role="group"
        aria-label={fill(t.curvesOf, { name: label })}
        tabIndex={0}
      />
    </figure>
  );
}
