import type { Session } from '../session';
import { showOpening } from './opening';
import { fitNetwork, seesAll } from './view';

/** A window that is pulled to its size has come to it when it has not changed for so long. */
const restMs = 160;

/**
 * A network that was seen whole is so again when the window has another size, as after a change of the panels, and one that nobody has
 * moved yet is seen as it is opened.
 */
export function followWindow(session: Session, canvas: HTMLElement): () => void {
  // What the canvas was before: it has its new size already when the window tells of its own.
  let size = { width: canvas.clientWidth, height: canvas.clientHeight };
  let wasWhole: boolean | null = null;
  const isUntouched = (): boolean => session.view.getState().viewport === null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const observer = new ResizeObserver(() => {
    const before = size;
    size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const isSame = size.width === before.width && size.height === before.height;
    // Whatever changed it, a panel, a split, the window: React Flow knows its size by now, which it observes from before.
    if (!isSame && isUntouched()) showOpening(session);
  });
  observer.observe(canvas);
  const onResize = (): void => {
    wasWhole ??= seesAll(session, size);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (wasWhole === true && !isUntouched()) fitNetwork(session);
      wasWhole = null;
    }, restMs);
  };
  window.addEventListener('resize', onResize);
  return () => {
    observer.disconnect();
    clearTimeout(timer);
    window.removeEventListener('resize', onResize);
  };
}
