import type { KeyboardEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { Frame } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';
import { useText } from '../i18n';
import { useSession } from '../session';
import { TextInput } from '../ui/TextInput';
import { editFrame, framesOf } from './frameStore';
import styles from './Frames.module.css';
import { renameFrame, writeFrameNote } from './framing';
import { focusFrame } from './view';

/** Ends writing; the frame then has the keyboard, unless that went elsewhere already. */
function useEnd(frame: Frame): (save: (() => void) | null, keepsFocus: boolean) => void {
  const session = useSession();
  return (save, keepsFocus) => {
    // Taking the field away makes it lose the focus, which must not save once more.
    if (framesOf(session).getState().edited?.id !== frame.id) return;
    editFrame(session, null);
    save?.();
    if (keepsFocus) focusFrame(session, frame.id);
  };
}

/** The title of a frame, written where it stands. */
export function TitleField({ frame }: { readonly frame: Frame }) {
  const { t } = useText('frames');
  const session = useSession();
  const [title, setTitle] = useState(frame.title);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const end = useEnd(frame);
  const save = (): void => renameFrame(session, frame, title);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    if (event.key === 'Enter') end(save, true);
    if (event.key === 'Escape') end(null, true);
  };
  return (
    <TextInput
      ref={input}
      size="sm"
      autoFocus
      aria-label={t.titleField}
      maxLength={limits.frameTitle}
      value={title}
      onChange={(event) => setTitle(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(save, false)}
    />
  );
}

/** The note of a frame, written where it stands: Enter begins a line, Escape or Mod+Enter ends it, and what was written stays. */
export function NoteField({ frame }: { readonly frame: Frame }) {
  const { t } = useText('frames');
  const session = useSession();
  const [note, setNote] = useState(frame.note ?? '');
  const end = useEnd(frame);
  const save = (): void => writeFrameNote(session, frame, note);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    event.stopPropagation();
    const isEnd = event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey));
    if (isEnd) end(save, true);
  };
  return (
    <textarea
      className={`${styles['field'] ?? ''} nowheel`}
      autoFocus
      aria-label={t.noteField}
      placeholder={t.notePlaceholder}
      maxLength={limits.frameNote}
      value={note}
      onChange={(event) => setNote(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => end(save, false)}
    />
  );
}
