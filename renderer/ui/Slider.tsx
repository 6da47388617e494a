import { Slider as Base } from '@base-ui/react/slider';
import styles from './Slider.module.css';

export type SliderProps = {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** The value in words, beside the label and for screen readers. */
  readonly said: string;
  readonly onChange: (value: number) => void;
};

/** A number on a track: dragged, tapped, or moved with the arrow keys. */
export function Slider({ label, value, min, max, step = 1, said, onChange }: SliderProps) {
  return (
    <Base.Root
      className={styles['root']}
      value={value}
      min={min}
      max={max}
      step={step}
      thumbAlignment="edge"
      onValueChange={(next) => onChange(next)}
    >
      <span className={styles['line']}>
        <span>{label}</span>
        <output className="figures">{said}</output>
      </span>
      <Base.Control className={styles['control']}>
        <Base.Track className={styles['track']}>
          <Base.Indicator className={styles['indicator']} />
          <Base.Thumb className={styles['thumb']} getAriaLabel={() => label} getAriaValueText={() => said} />
        </Base.Track>
      </Base.Control>
    </Base.Root>
  );
}
