import { useEffect, useRef } from 'react';
import { fill, useText } from '../i18n';
import { drawMask } from '../training/drawing';
import styles from './data.module.css';

/** A small picture, and the classes of its pixels where there are some. */
export type ThumbPicture = {
  readonly width: number;
  readonly height: number;
  /** Three channels, 0..255. */
  readonly pixels: Uint8Array;
  readonly mask: Uint8Array | null;
  /** What it is to become; null where pictures become nothing. */
  readonly target: TargetPicture | null;
};

/** Three channels, 0..255. */
type TargetPicture = Pick<ThumbPicture, 'width' | 'height' | 'pixels'>;

type Shown = {
  readonly shape: readonly [number, number, number];
  readonly pixels: Uint8Array;
  readonly masks: Uint8Array | null;
  readonly targets?: Pick<Shown, 'shape' | 'pixels'> | null;
};

function pictureAt({ shape: [height, width], pixels }: Pick<Shown, 'shape' | 'pixels'>, at: number): TargetPicture {
  const size = height * width * 3;
  return { width, height, pixels: pixels.subarray(at * size, (at + 1) * size) };
}

/** The picture at a place among those that an answer holds one after the other. */
export function thumbAt(shown: Shown, at: number): ThumbPicture {
  const {
    shape: [height, width],
    masks,
    targets = null,
  } = shown;
  const size = height * width;
  return {
    ...pictureAt(shown, at),
    target: targets === null ? null : pictureAt(targets, at),
    mask: masks === null ? null : masks.subarray(at * size, (at + 1) * size),
  };
}

type ThumbProps = {
  readonly picture: ThumbPicture;
  readonly label: string;
  readonly caption?: string;
  readonly isMasked: boolean;
};

function draw(canvas: HTMLCanvasElement | null, { width, height, pixels }: TargetPicture): void {
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
    image.data.set(pixels.subarray(from, from + 3), to);
    image.data[to + 3] = 255;
  }
  canvas?.getContext('2d')?.putImageData(image, 0, 0);
}

/** One picture of the data with its mask over it, or beside it the picture that it is to become. */
export function Thumb({ picture, label, caption, isMasked }: ThumbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const { t } = useText('data');
  const { width, height, pixels, mask, target } = picture;
  useEffect(() => draw(canvas.current, { width, height, pixels }), [width, height, pixels]);
  useEffect(() => {
    const shown = mask === null || !isMasked ? undefined : { width, height, classIndex: Int32Array.from(mask) };
    drawMask(over.current, shown);
  }, [width, height, mask, isMasked]);
  return (
    <figure className={styles['thumb']} title={label} data-pair={target === null ? undefined : true}>
      <span className={styles['picture']} style={{ aspectRatio: `${width} / ${height}` }}>
        <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
        {mask === null ? null : <canvas ref={over} width={width} height={height} aria-hidden />}
      </span>
      {target === null ? null : <Target target={target} label={fill(t.targetOf, { name: label })} />}
      {caption === undefined ? null : <figcaption>{caption}</figcaption>}
    </figure>
  );
}

function Target({ target, label }: { readonly target: TargetPicture; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, pixels } = target;
  useEffect(() => draw(canvas.current, { width, height, pixels }), [width, height, pixels]);
  return (
    <span className={styles['picture']} style={{ aspectRatio: `${width} / ${height}` }}>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
    </span>
  );
}
