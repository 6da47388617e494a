import { useEffect, useRef } from 'react';
import { drawMask } from '../training/drawing';
import styles from './data.module.css';

/** A small picture, and the classes of its pixels where there are some. */
export type ThumbPicture = {
  readonly width: number;
  readonly height: number;
  /** Three channels, 0..255. */
  readonly pixels: Uint8Array;
  readonly mask: Uint8Array | null;
};

type Shown = {
  readonly shape: readonly [number, number, number];
  readonly pixels: Uint8Array;
  readonly masks: Uint8Array | null;
};

/** The picture at a place among those that an answer holds one after the other. */
export function thumbAt({ shape: [height, width], pixels, masks }: Shown, at: number): ThumbPicture {
  const size = height * width;
  return {
    width,
    height,
    pixels: pixels.subarray(at * size * 3, (at + 1) * size * 3),
    mask: masks === null ? null : masks.subarray(at * size, (at + 1) * size),
  };
}

type ThumbProps = {
  readonly picture: ThumbPicture;
  readonly label: string;
  readonly caption?: string;
  readonly isMasked: boolean;
};

/** One picture of the data with its mask over it. */
export function Thumb({ picture, label, caption, isMasked }: ThumbProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const { width, height, pixels, mask } = picture;
  useEffect(() => {
    const image = new ImageData(width, height);
    for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4) {
      image.data.set(pixels.subarray(from, from + 3), to);
      image.data[to + 3] = 255;
    }
    canvas.current?.getContext('2d')?.putImageData(image, 0, 0);
  }, [width, height, pixels]);
  useEffect(() => {
    const shown = mask === null || !isMasked ? undefined : { width, height, classIndex: Int32Array.from(mask) };
    drawMask(over.current, shown);
  }, [width, height, mask, isMasked]);
  return (
    <figure className={styles['thumb']} title={label}>
      <span className={styles['picture']} style={{ aspectRatio: `${width} / ${height}` }}>
        <canvas ref={canvas} width={width} height={height} role="img" aria-label={label} />
        {mask === null ? null : <canvas ref={over} width={width} height={height} aria-hidden />}
      </span>
      {caption === undefined ? null : <figcaption>{caption}</figcaption>}
    </figure>
  );
}
