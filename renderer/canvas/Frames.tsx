import type { CSSProperties } from 'react';
import { memo } from 'react';
import { useStore, ViewportPortal } from 'reactflow';
import { areaOfFrame, heldNodes } from '../../shared/layout/frames';
import type { Frame } from '../../shared/schema/document';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { classes } from '../ui/classes';
import { familyColour } from '../ui/LayerGlyph';
import { useFlow } from './flow';
import { dragFrame, dragGrip, grips } from './frameDrag';
import { NoteField, TitleField } from './FrameField';
import { areaIn } from './frames';
import { editFrame, selectedFrameIds, selectFrames, useFrameState } from './frameStore';
import { frameName } from './framing';
import styles from './Frames.module.css';

/** The bar's type grows in such steps as the canvas is seen from further away, so that a title can be read from anywhere. */
function barScale(zoom: number): number {
  const steps = Math.ceil(Math.log2(Math.max(1, 0.85 / zoom)) * 2);
  return 2 ** (steps / 2);
}

/** Below this the note is no longer read. */
const noteZoom = 0.39;

/** All frames of the canvas, behind its wires and nodes. */
export function Frames() {
  const frames = useProject(({ document }) => document.frames);
  const scale = useStore(({ transform }) => barScale(transform[2]));
  const hasNotes = useStore(({ transform }) => transform[2] >= noteZoom);
  if (frames === undefined || frames.length === 0) return null;
  return (
    <ViewportPortal>
      <div className={styles['frames']} style={{ '--bar-scale': scale } as CSSProperties} data-notes={hasNotes}>
        {frames.map((frame) => (
          <FrameCard key={frame.id} frame={frame} />
        ))}
      </div>
      <div style={{ '--bar-scale': scale } as CSSProperties}>
        {frames.map((frame) => (
          <FrameGrips key={frame.id} frame={frame} />
        ))}
      </div>
    </ViewportPortal>
  );
}

/** What a selected frame is resized by: above wires and cards, which may lie over its edges. */
function FrameGrips({ frame }: { readonly frame: Frame }) {
  const { t } = useText('frames');
  const session = useSession();
  const shown = useFrameState(({ shownAt }) => shownAt.get(frame.id));
  const isSelected = useFrameState(({ selected }) => selected.has(frame.id));
  const room = useFlow((state) => state.room);
  if (!isSelected) return null;
  const { x, y, width, height } = shown ?? areaIn(room.toShown, areaOfFrame(frame));
  return (
    <div className={styles['grips']} style={{ transform: `translate(${x}px, ${y}px)`, width, height }}>
      {grips.map((grip) => (
        <span
          key={grip}
          className={`${styles['grip'] ?? ''} ${still}`}
          data-grip={grip}
          title={fill(t.resize, { title: frameName(frame) })}
          onPointerDown={(event) => dragGrip(session, frame, grip, event)}
        />
      ))}
    </div>
  );
}

/** Keeps React Flow from moving the view by what is dragged. */
const still = 'nopan nodrag';

const FrameCard = memo(function FrameCard({ frame }: { readonly frame: Frame }) {
  const { t } = useText('frames');
  const session = useSession();
  const count = useProject(({ document }) => heldNodes(frame, document.nodes).length);
  const shown = useFrameState(({ shownAt }) => shownAt.get(frame.id));
  const isSelected = useFrameState(({ selected }) => selected.has(frame.id));
  const field = useFrameState(({ edited }) => (edited?.id === frame.id ? edited.field : null));
  const room = useFlow((state) => state.room);
  const { x, y, width, height } = shown ?? areaIn(room.toShown, areaOfFrame(frame));
  const { note = '', color } = frame;
  const holds = count === 1 ? t.holdsOne : fill(t.holdsMany, { count });
  const title = frame.title === '' ? t.untitled : frame.title;
  const name =
    count === 0 ? fill(t.spokenNote, { title: frame.title, note }) : `${fill(t.spokenFrame, { title, holds })} ${note}`;
  return (
    <div
      className={classes(styles['frame'], isSelected && styles['selected'], shown !== undefined && styles['live'])}
      style={
        {
          transform: `translate(${x}px, ${y}px)`,
          width,
          height,
          '--family': color === undefined ? 'var(--mute)' : familyColour(color),
        } as CSSProperties
      }
      data-frame={frame.id}
      role="group"
      tabIndex={0}
      aria-label={name.trim()}
      aria-current={isSelected ? 'true' : undefined}
      onFocus={({ target, currentTarget }) => {
        if (target === currentTarget && !selectedFrameIds(session).has(frame.id)) selectFrames(session, [frame.id]);
      }}
    >
      <div
        className={`${styles['bar'] ?? ''} ${still}`}
        onPointerDown={(event) => {
          if (field !== 'title') dragFrame(session, frame.id, event);
        }}
        onDoubleClick={() => editFrame(session, { id: frame.id, field: 'title' })}
      >
        {field === 'title' ? <TitleField frame={frame} /> : <strong>{frame.title}</strong>}
      </div>
      {field === 'note' ? (
        <div className={`${styles['note'] ?? ''} ${still}`}>
          <NoteField frame={frame} />
        </div>
      ) : count === 0 || note !== '' ? (
        <div
          className={classes(styles['note'], still, count > 0 ? styles['short'] : frame.title === '' && styles['bare'])}
          onPointerDown={(event) => dragFrame(session, frame.id, event)}
          onDoubleClick={() => editFrame(session, { id: frame.id, field: 'note' })}
        >
          {note}
        </div>
      ) : null}
    </div>
  );
});
