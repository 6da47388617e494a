import { useEffect, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { recordedPerSecond } from '../../shared/schema/recording';
import { Button } from '../ui';

type HoldButtonProps = {
  readonly label: string;
  readonly isDisabled: boolean;
  readonly icon: ReactNode;
  /** Called again and again while it is held. */
  readonly onTick: () => void;
  readonly children: ReactNode;
};

/** A button that works for as long as it is held: with the mouse, a finger, or the space key. */
export function HoldButton({ label, isDisabled, icon, onTick, children }: HoldButtonProps) {
  const [isHeld, setHeld] = useState(false);
  const isWorking = isHeld && !isDisabled;
  useEffect(() => {
    if (!isWorking) return undefined;
    onTick();
    const timer = setInterval(onTick, 1000 / recordedPerSecond);
    return () => clearInterval(timer);
  }, [isWorking, onTick]);
  const release = (): void => setHeld(false);
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    // Held keys repeat, and a click at their end would be one more.
    event.preventDefault();
    setHeld(event.type === 'keydown');
  };
  return (
    <Button
      size="sm"
      variant={isWorking ? 'primary' : 'plain'}
      icon={icon}
      disabled={isDisabled}
      aria-label={label}
      aria-pressed={isWorking}
      style={{ touchAction: 'none' }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setHeld(true);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onBlur={release}
      onKeyDown={onKey}
      onKeyUp={onKey}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children}
    </Button>
  );
}
