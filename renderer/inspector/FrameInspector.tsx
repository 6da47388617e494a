import { Trash2 } from 'lucide-react';
import type { CSSProperties } from 'react';
import { useState } from 'react';
import { areaOfFrame, heldNodes, smallestFrame } from '../../shared/layout/frames';
import type { Frame, FrameColour } from '../../shared/schema/document';
import { frameColours } from '../../shared/schema/document';
import { limits } from '../../shared/schema/limits';
import { actionOf, usePerform } from '../actions';
import { colourFrame, renameFrame, resizeFrame, writeFrameNote } from '../canvas/framing';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { Button, familyColour, NumberField, TextInput } from '../ui';
import styles from './FrameInspector.module.css';
import shared from './Inspector.module.css';

/** A frame or a note: what it is called and says, its colour and size, and what it holds. */
export function FrameInspector({ frame }: { readonly frame: Frame }) {
  const { t, pick } = useText('frames');
  const perform = usePerform();
  const count = useProject(({ document }) => heldNodes(frame, document.nodes).length);
  const holds = count === 0 ? t.holdsNothing : count === 1 ? t.holdsOne : fill(t.holdsMany, { count });
  const button = (id: string) => <Button onClick={() => perform(actionOf(id))}>{pick(actionOf(id).label)}</Button>;
  return (
    <>
      <header className={shared['header']}>
        <h2 className={shared['title']}>{frame.title || (count === 0 ? t.note : t.frame)}</h2>
        <p className={shared['muted']}>{holds}</p>
      </header>
      {/* Undo and writing on the canvas change these from outside. */}
      <FrameTexts key={JSON.stringify([frame.title, frame.note])} frame={frame} />
      <FrameColours frame={frame} />
      <FrameSize frame={frame} />
      <div className={shared['actions']}>
        {count > 0 ? button('frame.fit') : null}
        <Button icon={<Trash2 size={14} aria-hidden />} onClick={() => perform(actionOf('delete'))}>
          {t.deleteFrame}
        </Button>
        {count > 0 ? (
          <Button variant="danger" onClick={() => perform(actionOf('frame.deleteAll'))}>
            {t.deleteWithContents}
          </Button>
        ) : null}
      </div>
    </>
  );
}

function FrameTexts({ frame }: { readonly frame: Frame }) {
  const session = useSession();
  const { t } = useText('frames');
  const [title, setTitle] = useState(frame.title);
  const [note, setNote] = useState(frame.note ?? '');
  return (
    <section className={shared['names']}>
      <label>
        <span>{t.titleField}</span>
        <TextInput
          value={title}
          maxLength={limits.frameTitle}
          onChange={(event) => setTitle(event.target.value)}
          onBlur={() => renameFrame(session, frame, title)}
          onKeyDown={(event) => (event.key === 'Enter' ? renameFrame(session, frame, title) : undefined)}
        />
      </label>
      <label>
        <span>{t.noteField}</span>
        <textarea
          className={shared['note']}
          rows={4}
          value={note}
          maxLength={limits.frameNote}
          placeholder={t.notePlaceholder}
          onChange={(event) => setNote(event.target.value)}
          onBlur={() => writeFrameNote(session, frame, note)}
        />
      </label>
    </section>
  );
}

function FrameColours({ frame }: { readonly frame: Frame }) {
  const session = useSession();
  const { t } = useText('frames');
  const swatch = (colour: FrameColour | null, name: string) => (
    <button
      key={name}
      type="button"
      className={styles['swatch']}
      data-none={colour === null}
      style={{ '--swatch': colour === null ? 'var(--mute)' : familyColour(colour) } as CSSProperties}
      aria-label={name}
      title={name}
      aria-pressed={(frame.color ?? null) === colour}
      onClick={() => colourFrame(session, frame, colour)}
    />
  );
  return (
    <div className={styles['colours']} role="group" aria-label={t.colour}>
      {swatch(null, t.noColour)}
      {frameColours.map((colour) => swatch(colour, t[`colour_${colour}`]))}
    </div>
  );
}

function FrameSize({ frame }: { readonly frame: Frame }) {
  const session = useSession();
  const { t } = useText('frames');
  const area = areaOfFrame(frame);
  const side = (name: 'width' | 'height') => (
    <NumberField
      label={t[name]}
      value={area[name]}
      min={Math.min(smallestFrame[name], area[name])}
      max={limits.frameSide}
      step={4}
      isInteger
      onChange={(value) => resizeFrame(session, frame, { ...area, [name]: value })}
    />
  );
  return (
    <div className={styles['size']}>
      {side('width')}
      {side('height')}
    </div>
  );
}
