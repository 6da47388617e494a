import type { KeyboardEvent, PointerEvent } from 'react';
import { useId, useRef, useState } from 'react';
import { classes } from '../ui';
import styles from './ParsedInput.module.css';

type ParsedInputProps = {
  readonly label: string;
  /** The value as text; the field shows it unless the user is typing something else. */
  readonly text: string;
  /** Shown where there is no value. */
  readonly placeholder?: string;
  readonly help?: string;
  /** Takes what was typed. Gives the reason when it is not a value: the text then stays, and the document stays too. */
  readonly onText: (text: string) => string | null;
  /** An arrow key or a scrub, by this many steps. Absent: the field has no steps. */
  readonly onStep?: (steps: number) => void;
  readonly onGestureStart: () => void;
  readonly onGestureEnd: () => void;
  readonly onGestureCancel: () => void;
  /** What the analysis says about the value in the document. */
  readonly problem?: string | undefined;
  readonly isDefault: boolean;
  readonly onReset: () => void;
  readonly resetLabel: string;
};

/** Pixels of dragging for one step. */
const pixelsPerStep = 4;

/**
 * A value that is typed, stepped with the arrow keys (Shift: ten), or scrubbed by dragging its label. Typing applies at once; all that
 * happens until the field is left is one undo step. What cannot be read stays in the field with the reason.
 */
export function ParsedInput(props: ParsedInputProps) {
  const { label, text, onText, onStep, problem } = props;
  const id = useId();
  const [draft, setDraft] = useState<{ readonly text: string; readonly reason: string | null } | null>(null);
  const isGesture = useRef(false);
  const scrub = useRef<{ readonly x: number; steps: number } | null>(null);

  const begin = (): void => {
    if (isGesture.current) return;
    isGesture.current = true;
    props.onGestureStart();
  };
  const end = (): void => {
    if (isGesture.current) props.onGestureEnd();
    isGesture.current = false;
  };
  const type = (next: string): void => {
    begin();
    setDraft({ text: next, reason: onText(next) });
  };
  const settle = (): void => {
    end();
    setDraft((current) => (current?.reason == null ? null : current));
  };
  const cancel = (): void => {
    if (isGesture.current) props.onGestureCancel();
    isGesture.current = false;
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction !== 0 && onStep !== undefined) {
      event.preventDefault();
      begin();
      setDraft(null);
      onStep(direction * (event.shiftKey ? 10 : 1));
    }
    if (event.key === 'Enter') settle();
    // With nothing typed Escape means the form, not the field.
    if (event.key === 'Escape' && (isGesture.current || draft !== null)) {
      event.stopPropagation();
      cancel();
    }
  };
  const startScrub = (event: PointerEvent<HTMLLabelElement>): void => {
    if (onStep === undefined || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    scrub.current = { x: event.clientX, steps: 0 };
  };
  const moveScrub = (event: PointerEvent<HTMLLabelElement>): void => {
    const current = scrub.current;
    if (current === null || onStep === undefined) return;
    const steps = Math.trunc((event.clientX - current.x) / pixelsPerStep);
    if (steps === current.steps) return;
    begin();
    setDraft(null);
    onStep(steps - current.steps);
    current.steps = steps;
  };
  const endScrub = (): void => {
    const wasScrubbed = scrub.current !== null && scrub.current.steps !== 0;
    scrub.current = null;
    if (wasScrubbed) end();
  };

  const message = draft?.reason ?? problem;
  return (
    <div className={styles['field']}>
      <label
        htmlFor={id}
        title={props.help}
        className={classes(styles['label'], onStep !== undefined && styles['scrub'])}
        onPointerDown={startScrub}
        onPointerMove={moveScrub}
        onPointerUp={endScrub}
        onPointerCancel={endScrub}
      >
        {label}
      </label>
      <div className={styles['control']}>
        {props.isDefault ? null : (
          <button
            type="button"
            className={styles['reset']}
            onClick={props.onReset}
            aria-label={props.resetLabel}
            title={props.resetLabel}
          >
            <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
              <path d="M3 4v3.5h3.5M3.3 7.3a5 5 0 1 1-.2 2.200" fill="none" stroke="currentColor" strokeWidth="1.5" />
            </svg>
          </button>
        )}
        <input
          id={id}
          className={classes(styles['input'], 'figures')}
          value={draft?.text ?? text}
          placeholder={props.placeholder}
          spellCheck={false}
          autoComplete="off"
          inputMode="text"
          aria-invalid={message === undefined ? undefined : true}
          aria-describedby={message === undefined ? undefined : `${id}-message`}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={settle}
          onFocus={(event) => event.target.select()}
        />
      </div>
      {message === undefined ? null : (
        <p id={`${id}-message`} className={styles['message']}>
          {message}
        </p>
      )}
    </div>
  );
}
