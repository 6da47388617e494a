import { useEffect, useRef } from 'react';
import type { Pixels } from '../../shared/ops/pixels';
import { drawPixels } from './picture';

/** A picture, drawn at its own size. */
export function PixelCanvas({ pixels, label }: { readonly pixels: Pixels; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => drawPixels(canvas.current, pixels), [pixels]);
  return <canvas ref={canvas} width={pixels.width} height={pixels.height} role="img" aria-label={label} />;
}
