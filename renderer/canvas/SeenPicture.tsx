import { useEffect, useId, useRef } from 'react';
import type { SeenInput } from '../../shared/analysis/seenInput';
import type { DataSample } from '../../shared/host/api';
import { isWholeDataSpec } from '../../shared/schema/data';
import { useProject } from '../session';
import { useRequest } from '../store/useRequest';
import styles from './FieldCard.module.css';

/** The longest side of what is drawn, in CSS pixels. */
const longest = 116;
/** Lines of the grid that stands for a picture. */
const gridLines = 8;

/** The first picture of the data that the network is trained on; null where it names none, or they have none. */
function useSample(): DataSample | null {
  const spec = useProject(({ document }) => document.train?.data);
  const isAskable = typeof spec === 'string' && isWholeDataSpec(spec);
  return useRequest('data.sample', isAskable ? { spec } : null).value;
}

/** Grey, colour, or colour with opacity, as the page draws pixels. */
function toImageData({ shape: [height, width, channels], pixels }: DataSample): ImageData {
  const image = new ImageData(width, height);
  for (let at = 0; at < width * height; at += 1) {
    const of = (channel: number): number => pixels[at * channels + (channels < 3 ? 0 : channel)] ?? 0;
    image.data.set([of(0), of(1), of(2), channels === 4 ? of(3) : 255], at * 4);
  }
  return image;
}

/** The picture with the window on it. What of the window lies beyond the picture is hatched: there is only padding. */
export function SeenPicture({ seen, label }: { readonly seen: SeenInput; readonly label: string }) {
  const sample = useSample();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pattern = useId();
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && sample) context.putImageData(toImageData(sample), 0, 0);
  }, [sample]);
  const { window, outside } = seen;
  const [height, width] = seen.image;
  const picture = { top: 0, left: 0, height, width };
  const inside = {
    top: Math.max(0, window.top),
    left: Math.max(0, window.left),
    height: seen.inside[0],
    width: seen.inside[1],
  };
  const frame = {
    x: -outside.left,
    y: -outside.top,
    width: width + outside.left + outside.right,
    height: height + outside.top + outside.bottom,
  };
  const scale = longest / Math.max(frame.width, frame.height);
  const place = { left: outside.left * scale, top: outside.top * scale, width: width * scale, height: height * scale };
  const step = Math.max(1, Math.max(height, width) / gridLines);
  const lines = (side: number): readonly number[] =>
    Array.from({ length: Math.max(0, Math.ceil(side / step) - 1) }, (_, at) => (at + 1) * step);
  return (
    <div
      className={styles['picture']}
      role="img"
      aria-label={label}
      style={{ width: frame.width * scale, height: frame.height * scale }}
    >
      {sample === null ? null : (
        // Stretched to the input, as the data are when they are read.
        <canvas ref={canvas} width={sample.shape[1]} height={sample.shape[0]} style={place} />
      )}
      <svg viewBox={`${frame.x} ${frame.y} ${frame.width} ${frame.height}`} aria-hidden="true">
        <defs>
          <pattern id={pattern} patternUnits="userSpaceOnUse" width={4 / scale} height={4 / scale}>
            <path d={`M0 ${4 / scale}L${4 / scale} 0`} stroke="var(--line-strong)" strokeWidth={1 / scale} />
          </pattern>
        </defs>
        {sample === null ? <rect width={width} height={height} fill="var(--chip)" /> : null}
        {sample === null
          ? [
              ...lines(height).map((y) => <path key={`y${y}`} className={styles['grid']} d={`M0 ${y}H${width}`} />),
              ...lines(width).map((x) => <path key={`x${x}`} className={styles['grid']} d={`M${x} 0V${height}`} />),
            ]
          : null}
        <path className={styles['edge']} d={boxPath(picture)} />
        <path fill={`url(#${pattern})`} fillRule="evenodd" d={`${boxPath(window)}${boxPath(inside)}`} />
        {/* The window is seen clear, the rest of the picture dimmed. */}
        <path className={styles['rest']} fillRule="evenodd" d={`${boxPath(picture)}${boxPath(inside)}`} />
        <rect className={styles['window']} x={window.left} y={window.top} width={window.width} height={window.height} />
      </svg>
    </div>
  );
}

type Rect = SeenInput['window'];

function boxPath({ top, left, height, width }: Rect): string {
  return `M${left} ${top}H${left + width}V${top + height}H${left}Z`;
}
