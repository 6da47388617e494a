import type { NetworkDocument, Position } from '../../shared/schema/document';
import { useProject } from '../store/project';
import { useUi } from '../store/ui';
import { refreshFlow, showAt, shownPlace } from './flow';
import { motionMs } from './view';

/** More nodes than this jump: a motion that drops frames explains nothing. */
const motionLimit = 300;

const wantsStillness = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null;

let frame: number | null = null;

function stop(): void {
  if (frame !== null) cancelAnimationFrame(frame);
  frame = null;
}

/** Takes nodes from where they are shown to where the document has them; quickly, and only where they stay on the canvas. */
function glide(document: NetworkDocument): void {
  stop();
  const moves: { readonly id: string; readonly from: Position; readonly to: Position }[] = [];
  for (const node of document.nodes) {
    const from = shownPlace(node.id);
    const to = node.position;
    if (from && to && (from.x !== to.x || from.y !== to.y)) moves.push({ id: node.id, from, to });
  }
  if (moves.length === 0 || moves.length > motionLimit || wantsStillness?.matches === true) {
    showAt(new Map());
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
    showAt(new Map(t < 1 ? at : []));
    frame = t < 1 ? requestAnimationFrame(step) : null;
  };
  step();
}

/** Keeps the canvas in step with the project for as long as it is shown. Gives back what ends it. */
export function followProject(): () => void {
  refreshFlow();
  const leaveProject = useProject.subscribe((state, previous) => {
    if (state.projectKey !== previous.projectKey) {
      stop();
      showAt(new Map());
    } else if (state.document !== previous.document) {
      glide(state.document);
    } else if (state.selection !== previous.selection || state.analysis !== previous.analysis) {
      refreshFlow();
    }
  });
  const leaveUi = useUi.subscribe((state, previous) => {
    if (state.language !== previous.language) refreshFlow();
  });
  return () => {
    stop();
    leaveProject();
    leaveUi();
  };
}
