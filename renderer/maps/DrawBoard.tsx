import { Eraser } from 'lucide-react';
import type { PointerEvent } from 'react';
import { useEffect, useRef } from 'react';
import { useText } from '../i18n';
import { centerDrawing, readPixels } from '../training/drawing';
import { Button } from '../ui';
import styles from './maps.module.css';

type DrawBoardProps = {
  /** Height, width and channels of what the network takes. */
  readonly shape: readonly [number, number, number];
  /** After each stroke; null when it was cleared. */
  readonly onDrawn: (pixels: Uint8Array | null) => void;
};

const side = 280;

function clear(canvas: HTMLCanvasElement | null): void {
  const context = canvas?.getContext('2d');
  if (context == null) return;
  context.fillStyle = '#000';
  context.fillRect(0, 0, side, side);
}

/** A black board to draw a digit on, which is centred as the digits of MNIST are. */
export function DrawBoard({ shape, onDrawn }: DrawBoardProps) {
  const { t } = useText('maps');
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = useRef({ x: 0, y: 0 });
  useEffect(() => clear(canvas.current), []);
  const stroke = (event: PointerEvent<HTMLCanvasElement>): void => {
    const context = event.currentTarget.getContext('2d');
    if (event.buttons !== 1 || context === null) return;
    const box = event.currentTarget.getBoundingClientRect();
    const to = {
      x: ((event.clientX - box.left) / box.width) * side,
      y: ((event.clientY - box.top) / box.height) * side,
    };
    if (event.type === 'pointerdown') pen.current = to;
    context.strokeStyle = '#fff';
    // About two of 28 pixels, the pen of the digits that networks here are trained on.
    context.lineWidth = side / 12;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(pen.current.x, pen.current.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    pen.current = to;
  };
  const done = (): void => {
    if (canvas.current !== null) onDrawn(readPixels(centerDrawing(canvas.current), shape));
  };
  return (
    <div className={styles['draw']}>
      <canvas
        ref={canvas}
        className={styles['board']}
        width={side}
        height={side}
        role="img"
        aria-label={t.board}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          stroke(event);
        }}
        onPointerMove={stroke}
        onPointerUp={done}
      />
      <Button
        size="sm"
        variant="quiet"
        icon={<Eraser size={14} aria-hidden />}
        onClick={() => {
          clear(canvas.current);
          onDrawn(null);
        }}
      >
        {t.clear}
      </Button>
    </div>
  );
}
