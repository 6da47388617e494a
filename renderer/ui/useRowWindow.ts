import { useEffect, useState, type RefObject } from 'react';

/** A list of fewer rows stands on the page as it is: it can be searched by the browser, and costs nothing. */
const mostPlainRows = 200;
/** Rows above and below what is seen: the next ones to be tabbed to, and no white while the wheel turns. */
const beyond = 15;

/** Rows that are on the page, and the room of those that are not: before each row, and after the last one, in pixels. */
export type RowWindow = {
  readonly rows: readonly { readonly index: number; readonly roomBefore: number }[];
  readonly roomAfter: number;
  /** Whether some are left out, so that a reader is told where each row stands. */
  readonly isPartial: boolean;
};

type View = { readonly top: number; readonly height: number; readonly rowHeight: number };

/** The rows of a long table that are in sight or near it, and `pinned` wherever that is. */
export function rowsInSight(count: number, { top, height, rowHeight }: View, pinned: number | null): RowWindow {
  // Scrolled further than a list that has become shorter is long: its end is seen.
  const seen = Math.ceil(height / rowHeight);
  const first = Math.min(Math.floor(top / rowHeight), Math.max(0, count - seen));
  const from = Math.max(0, first - beyond);
  const to = Math.min(count, first + seen + beyond);
  const indices = Array.from({ length: to - from }, (_, at) => from + at);
  if (pinned !== null && pinned < from) indices.unshift(pinned);
  if (pinned !== null && pinned >= to && pinned < count) indices.push(pinned);
  const rows = indices.map((index, at) => ({
    index,
    roomBefore: (index - (indices[at - 1] ?? -1) - 1) * rowHeight,
  }));
  return { rows, roomAfter: (count - 1 - (indices.at(-1) ?? -1)) * rowHeight, isPartial: true };
}

/**
 * Which rows of a long table belong on the page, as it is scrolled: those in sight, and `pinned`, the one that is being worked in. All
 * rows have one height, which the first of them tells. `scroller` scrolls, and has the table's body in it.
 */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  pinned: number | null,
  usualHeight: number,
): RowWindow {
  const [view, setView] = useState<View>({ top: 0, height: 800, rowHeight: usualHeight });
  const isPartial = count > mostPlainRows;
  useEffect(() => {
    const element = scroller.current;
    if (!isPartial || element === null) return undefined;
    let frame = 0;
    const look = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const row = element.querySelector('tbody > tr[aria-rowindex]');
        const seen = row?.getBoundingClientRect().height ?? 0;
        const { scrollTop: top, clientHeight: height } = element;
        setView((last) => {
          const rowHeight = seen === 0 ? last.rowHeight : seen;
          const isSame = top === last.top && height === last.height && rowHeight === last.rowHeight;
          return isSame ? last : { top, height, rowHeight };
        });
      });
    };
    // Its first word comes at once.
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, isPartial]);
  if (!isPartial) {
    return { rows: Array.from({ length: count }, (_, index) => ({ index, roomBefore: 0 })), roomAfter: 0, isPartial };
  }
  return rowsInSight(count, view, pinned);
}
