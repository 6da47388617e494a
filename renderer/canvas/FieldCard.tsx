import { BookOpen, X } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { useStore } from 'reactflow';
import { findNode } from '../../shared/analysis/blocks';
import { seenInput, type SeenInput } from '../../shared/analysis/seenInput';
import { formatNumber, formatShare } from '../../shared/text';
import { fill, useText } from '../i18n';
import type { Messages } from '../i18n';
import { openLesson } from '../learn/course';
import { useProject, useSession } from '../session';
import { IconButton } from '../ui/IconButton';
import { classes } from '../ui/classes';
import { announce } from './announce';
import { holdField, pointAtNode, useFieldNode } from './field';
import styles from './FieldCard.module.css';
import { flowOf, useFlow } from './flow';
import { nodeHeight, nodeWidth } from './geometry';
import { placeField } from './placeField';
import { SeenPicture } from './SeenPicture';
import { nodeTitle } from './speech';

/** A number of pixels; layers that enlarge divide them. */
function pixels(value: number): string {
  return formatNumber(Math.round(value * 100) / 100);
}

/** A length on both axes: once where they are equal. */
function both([height, width]: readonly [number, number]): string {
  return height === width ? pixels(height) : `${pixels(height)} × ${pixels(width)}`;
}

/** What is seen, in sentences: how large it is, how far apart neighbours look, what of it is padding. */
function sentencesOf(t: Messages<'seeing'>, seen: SeenInput): readonly string[] {
  const [height, width] = seen.image;
  const image = `${pixels(height)} × ${pixels(width)}`;
  if (seen.isWhole) return [fill(t.fieldWhole, { image })];
  const { window, inside } = seen;
  const size = fill(t.fieldSize, { size: `${pixels(window.height)} × ${pixels(window.width)}`, image });
  const share = 1 - (inside[0] * inside[1]) / (window.height * window.width);
  return [
    size,
    fill(t.fieldJump, { jump: both(seen.jump) }),
    ...(share > 0
      ? [fill(t.fieldPadding, { percent: formatShare(share), inside: `${pixels(inside[0])} × ${pixels(inside[1])}` })]
      : []),
    ...(seen.isUnion ? [t.fieldUnion] : []),
  ];
}

/** What the middle of a node's map sees, on the picture that the network is given, beside the node that gives it. */
export function FieldCard() {
  const shown = useFieldNode();
  const frames = useFlow((state) => state.frames);
  // A pointer in an open block is at work in it: the card, which is of the block, would lie over that. The key still asks.
  const isInside = shown !== null && !shown.isHeld && frames.has(shown.id);
  // What follows the view frame by frame is there only while it is seen.
  return shown === null || isInside ? null : <FieldOf {...shown} />;
}

function FieldOf({ id, isHeld }: { readonly id: string; readonly isHeld: boolean }) {
  const { t, pick, language } = useText('seeing');
  const session = useSession();
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const seen = useMemo(() => seenInput(document, analysis, id), [document, analysis, id]);
  const node = document.nodes.find((one) => one.id === id);
  const name = node === undefined ? '' : pick(nodeTitle(node, findNode(analysis, node.id)));
  const title = fill(t.fieldTitle, { node: name });
  const sentences = seen === null ? [t.fieldUnknown] : sentencesOf(t, seen);
  const said = `${title}: ${sentences.join(' ')}`;
  useEffect(() => {
    if (isHeld) announce(session, said);
  }, [session, isHeld, said]);
  // A node that goes is left by the pointer, which no event tells: it is not asked about when it comes back.
  const isGone = node === undefined;
  useEffect(() => {
    if (isGone) pointAtNode(session, null);
  }, [session, isGone]);
  const [x, y, zoom] = useStore((state) => state.transform);
  const pane = useStore((state) => ({ width: state.width, height: state.height }), isSameRoom);
  if (node === undefined) return null;
  // Pointing at what has no field is no question; asking with the key is one.
  if (seen === null && !isHeld) return null;
  const rectOf = (of: string) => {
    const { nodes } = flowOf(session).store.getState();
    const { position, width, height } = nodes.find((one) => one.id === of) ?? {};
    return {
      x: (position?.x ?? 0) * zoom + x,
      y: (position?.y ?? 0) * zoom + y,
      width: (width ?? nodeWidth) * zoom,
      height: (height ?? nodeHeight(1)) * zoom,
    };
  };
  const place = placeField(pane, rectOf(seen?.inputId ?? node.id), rectOf(node.id));
  return (
    <section
      className={classes(styles['card'], isHeld && styles['held'])}
      aria-label={t.field}
      lang={language}
      style={{ left: place.x, top: place.y }}
    >
      <p className={styles['title']}>
        <strong>{title}</strong>
        {isHeld ? (
          <IconButton size="sm" label={t.fieldClose} icon={<X size={13} />} onClick={() => holdField(session, false)} />
        ) : null}
      </p>
      <div className={styles['seen']}>
        {seen === null ? null : <SeenPicture seen={seen} label={said} />}
        <div className={styles['words']}>
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {seen === null || seen.isWhole ? null : <p className={styles['hint']}>{t.fieldEffective}</p>}
          {isHeld ? (
            <button type="button" className={styles['link']} onClick={() => openLesson('receptive-field')}>
              <BookOpen size={13} aria-hidden />
              {t.fieldLesson}
            </button>
          ) : null}
        </div>
      </div>
    </section>
  );
}

function isSameRoom(
  a: { readonly width: number; readonly height: number },
  b: { readonly width: number; readonly height: number },
): boolean {
  return a.width === b.width && a.height === b.height;
}
