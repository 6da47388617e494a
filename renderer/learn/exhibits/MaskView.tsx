import { useEffect, useRef } from 'react';
import type { Plane } from '../../../shared/ops/featureMaps';
import { PlaneView } from '../../maps/PlaneView';
import { drawMask } from '../../training/drawing';
import { classes } from '../../ui';
import styles from './exhibits.module.css';

type MaskViewProps = {
  readonly picture: Plane;
  /** A class for each pixel; 0 is the ground, and stays clear. */
  readonly mask: ArrayLike<number>;
  readonly label: string;
};

/** A class for each pixel, painted over its picture. */
export function MaskView({ picture, mask, label }: MaskViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height, width } = picture;
  useEffect(() => {
    drawMask(canvas.current, { height, width, classIndex: Int32Array.from(mask) });
  }, [height, width, mask]);
  return (
    <span className={classes(styles['large'], styles['masked'])}>
      <PlaneView planes={[picture]} label={label} />
      <canvas ref={canvas} width={width} height={height} aria-hidden="true" />
    </span>
  );
}
