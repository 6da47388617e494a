import { useEffect, useRef } from 'react';
import type { Plane } from '../../shared/ops/featureMaps';
import { classes } from '../ui';
import { paintOver } from './colours';
import { PlaneView } from './PlaneView';
import styles from './maps.module.css';

type MapOverPictureProps = {
  readonly picture: readonly Plane[];
  readonly map: Plane;
  readonly label: string;
  readonly className?: string;
};

/** A coarse map laid over the picture that it is of, so that one sees which part of it is meant: orange for, blue against. */
export function MapOverPicture({ picture, map, label, className }: MapOverPictureProps) {
  const cover = useRef<HTMLCanvasElement>(null);
  useEffect(() => cover.current?.getContext('2d')?.putImageData(paintOver(map), 0, 0), [map]);
  return (
    <span className={classes(styles['over'], className)}>
      <PlaneView planes={picture} label={label} />
      <canvas ref={cover} className={styles['cover']} width={map.width} height={map.height} aria-hidden="true" />
    </span>
  );
}
