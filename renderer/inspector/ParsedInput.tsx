import { RotateCcw } from 'lucide-react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { useId, useRef, useState } from 'react';
import { classes, TextInput } from '../ui';
import styles from './ParamForm.module.css';

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

/** Counts steps while a label is dragged sideways. */
function useScrub(onStep: ((steps: number) => void) | undefined, onEnd: () => void) {
  const drag = useRef<{ readonly x: number; steps: number } | null>(null);
  const stop = (): void => {
    const wasScrubbed = drag.current !== null && drag.current.steps !== 0;
    drag.current = null;
    if (wasScrubbed) onEnd();
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLLabelElement>): void => {
      if (onStep === undefined || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, steps: 0 };
    },
    onPointerMove: (event: PointerEvent<HTMLLabelElement>): void => {
      const { current } = drag;
      if (current === null || onStep === undefined) return;
      const steps = Math.trunc((event.clientX - current.x) / pixelsPerStep);
      if (steps !== current.steps) onStep((steps - current.steps) * (event.shiftKey ? 10 : 1));
      current.steps = steps;
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  };
}

/** What is being typed, and the gesture that holds all that happens to the value until the field is left. */
function useDraft({ onText, onStep, onGestureStart, onGestureEnd, onGestureCancel }: ParsedInputProps) {
  const [draft, setDraft] = useState<{ readonly text: string; readonly reason: string | null } | null>(null);
  const isGesture = useRef(false);
  const begin = (): void => {
    if (!isGesture.current) onGestureStart();
    isGesture.current = true;
  };
  const end = (finish: () => void = onGestureEnd): void => {
    if (isGesture.current) finish();
    isGesture.current = false;
  };
  return {
    draft,
    end,
    type: (text: string): void => {
      begin();
      setDraft({ text, reason: onText(text) });
    },
    step: (steps: number): void => {
      begin();
      setDraft(null);
      onStep?.(steps);
    },
    /** Keeps what was typed only where it could not be read. */
    settle: (): void => {
      end();
      setDraft((current) => (current?.reason == null ? null : current));
    },
    /** Takes everything back. False when there was nothing. */
    cancel: (): boolean => {
      const isDirty = isGesture.current || draft !== null;
      end(onGestureCancel);
      setDraft(null);
      return isDirty;
    },
  };
}

/**
 * A value that is typed, or stepped with the arrow keys or by dragging its label (Shift: by ten). Typing applies at once; all that
 * happens until the field is left is one undo step. What cannot be read stays in the field with the reason.
 */
export function ParsedInput(props: ParsedInputProps) {
  const { label, text, placeholder, help, onStep, problem, isDefault, onReset, resetLabel } = props;
  const id = useId();
  const { draft, end, type, step, settle, cancel } = useDraft(props);
  const scrub = useScrub(onStep && step, end);
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    if (direction !== 0 && onStep !== undefined) {
      event.preventDefault();
      step(direction * (event.shiftKey ? 10 : 1));
    }
    if (event.key === 'Enter') settle();
    // With nothing typed Escape means the form, not the field.
    if (event.key === 'Escape' && cancel()) event.stopPropagation();
  };
  const message = draft?.reason ?? problem;
  return (
    <div className={styles['row']}>
      <label htmlFor={id} title={help} className={classes(styles['label'], onStep && styles['scrub'])} {...scrub}>
        {label}
      </label>
      <div className={styles['control']}>
        {isDefault ? null : (
          <button
            type="button"
            className={styles['reset']}
            onClick={onReset}
            aria-label={resetLabel}
            title={resetLabel}
          >
            <RotateCcw size={12} aria-hidden />
          </button>
        )}
        <TextInput
          id={id}
          size="sm"
          isFigure
          value={draft?.text ?? text}
          placeholder={placeholder}
          isInvalid={message !== undefined}
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
