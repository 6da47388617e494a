import type { NetworkDocument, Position } from '../../shared/schema/document';
import type { Session } from '../session';
import { onFrames } from '../session';
import { useUi } from '../store/ui';
import { flowOf } from './flow';
import { heatMeasure } from './heat';
import { onLook } from './health';
import { onTimes } from './times';
import { followLooks, refreshLooks } from './looks';
import { nameNodes } from './nodeNames';
import { motionMs } from './view';

/** More nodes than this jump: a motion that drops frames explains nothing. */
const motionLimit = 300;

const wantsStillness = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null;

/** Takes nodes from where they are shown to where the document has them; quickly, and only where they stay on the canvas. */
function createGlide(session: Session) {
  const flow = flowOf(session);
  let frame: number | null = null;
  const stop = (): void => {
    if (frame !== null) cancelAnimationFrame(frame);
    frame = null;
  };
  const glide = (document: NetworkDocument): void => {
    stop();
    const moves: { readonly id: string; readonly from: Position; readonly to: Position }[] = [];
    for (const node of document.nodes) {
      const from = flow.shownPlace(node.id);
      const to = flow.placeIn(document, node);
      if (from && to && (from.x !== to.x || from.y !== to.y)) moves.push({ id: node.id, from, to });
    }
    if (moves.length === 0 || moves.length > motionLimit || wantsStillness?.matches === true) {
      flow.showAt(new Map());
      return;
    }
    const begin = performance.now();
    const step = (): void => {
      const t = Math.min(1, (performance.now() - begin) / motionMs);
      const eased = 1 - (1 - t) ** 3;
      const at = moves.map(({ id, from, to }): [string, Position] => [
        id,
        { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased },
      ]);
      flow.showAt(new Map(t < 1 ? at : []));
      frame = t < 1 ? requestAnimationFrame(step) : null;
    };
    step();
  };
  return { glide, stop };
}

/** Does something when what is in the page now has been painted. Gives back what calls it off. */
function oncePainted(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** What is said of nodes, and how they look. */
function tellNodes(session: Session): void {
  nameNodes(session);
  refreshLooks(session);
}

/** Keeps a session's drawing in step with its network for as long as it is shown. Gives back what ends it. */
export function followProject(session: Session): () => void {
  const flow = flowOf(session);
  const { glide, stop } = createGlide(session);
  flow.refresh();
  const stopWaiting = oncePainted(flow.route);
  const leaveProject = session.project.store.subscribe((state, previous) => {
    if (state.document !== previous.document) glide(state.document);
    else if (state.selection !== previous.selection) flow.refresh();
    if (state.analysis !== previous.analysis) tellNodes(session);
  });
  const leaveFrames = onFrames(session, flow.refresh);
  const leaveUi = useUi.subscribe((state, previous) => {
    const isSpokenOtherwise = heatMeasure(state) !== heatMeasure(previous);
    if (state.language !== previous.language) flow.refresh();
    else if (!isSpokenOtherwise) return;
    tellNodes(session);
  });
  const leaveTimes = onTimes(session, () => tellNodes(session));
  const leaveRun = onLook(session, () => tellNodes(session));
  const leaveLooks = followLooks(session);
  return () => {
    stop();
    stopWaiting();
    leaveTimes();
    leaveRun();
    leaveLooks();
    flow.showAt(new Map());
    leaveProject();
    leaveUi();
    leaveFrames();
  };
}
