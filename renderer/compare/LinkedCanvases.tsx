import { Maximize, Minus, Plus } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { Fragment, useEffect, useId, useMemo, useRef, useState } from 'react';
import { drawnAs, findNode } from '../../shared/analysis/blocks';
import type { ComparedNode, NetworkComparison } from '../../shared/analysis/compare';
import { drawFigure } from '../../shared/figures';
import type { Figure } from '../../shared/figures/figure';
import { defaultFigureOptions } from '../../shared/schema/figures';
import { formatShape } from '../../shared/text';
import { titleById } from '../canvas/speech';
import { useText } from '../i18n';
import { useSession } from '../session';
import { IconButton } from '../ui';
import { drawMark } from '../volumes/FigureMarks';
import { useLinkedCamera } from './linkedCamera';
import { changeDetail, type DiffSide } from './diffSide';
import styles from './LinkedCanvases.module.css';

type Status = ComparedNode['status'];
type End = 'a' | 'b';

/** Of the nodes as they are drawn: what became of each, and which one it is on the other side. A block is changed where anything in it is. */
type Drawn = { readonly status: ReadonlyMap<string, Status>; readonly partner: ReadonlyMap<string, string> };

function drawnOf(comparison: NetworkComparison, end: End, own: DiffSide, other: DiffSide): Drawn {
  const status = new Map<string, Status>();
  const partner = new Map<string, string>();
  const otherEnd = end === 'a' ? 'b' : 'a';
  for (const row of comparison.nodes) {
    const node = row[end];
    if (node === null) continue;
    const id = drawnAs(own.analysis, node.id);
    const before = status.get(id);
    status.set(id, before === undefined || before === row.status ? row.status : 'changed');
    const counterpart = row[otherEnd];
    if (counterpart !== null && !partner.has(id)) partner.set(id, drawnAs(other.analysis, counterpart.id));
  }
  return { status, partner };
}

function useFigure({ document, analysis }: DiffSide): Figure {
  const { language } = useText('compare');
  return useMemo(
    () => drawFigure(document, analysis, { ...defaultFigureOptions, view: 'graph', legend: false, language }),
    [document, analysis, language],
  );
}

/** The middle of a drawn node, from the middle of its figure. */
function placeOf(
  root: HTMLElement | null,
  end: End,
  id: string,
  { frame }: Figure,
): { readonly x: number; readonly y: number } | null {
  const element = [...(root?.querySelectorAll<SVGGElement>(`[data-end="${end}"] [data-node]`) ?? [])].find(
    ({ dataset }) => dataset['node'] === id,
  );
  if (element === undefined) return null;
  const { x, y, width, height } = element.getBBox();
  return { x: x + width / 2 - frame.x - frame.width / 2, y: y + height / 2 - frame.y - frame.height / 2 };
}

type LinkedCanvasesProps = {
  readonly a: DiffSide;
  readonly b: DiffSide;
  readonly comparison: NetworkComparison;
  /** Whether A is the open network: then what is selected here is selected there. */
  readonly here: boolean;
};

/** Both networks as they are wired, differences lit; moved and zoomed as one, and selecting a node selects its counterpart. */
export function LinkedCanvases({ a, b, comparison, here }: LinkedCanvasesProps) {
  const { t } = useText('compare');
  const session = useSession();
  const [selected, setSelected] = useState<{ readonly a: string | null; readonly b: string | null }>({
    a: null,
    b: null,
  });
  const root = useRef<HTMLDivElement>(null);
  const figures = { a: useFigure(a), b: useFigure(b) };
  const drawn = useMemo(
    () => ({ a: drawnOf(comparison, 'a', a, b), b: drawnOf(comparison, 'b', b, a) }),
    [comparison, a, b],
  );
  const camera = useLinkedCamera([figures.a.frame, figures.b.frame]);
  const select = (end: End, id: string | null): void => {
    const partner = id === null ? null : (drawn[end].partner.get(id) ?? null);
    const now = end === 'a' ? { a: id, b: partner } : { a: partner, b: id };
    setSelected(now);
    if (here) session.project.select(now.a === null ? [] : [now.a]);
    if (now.a === null || now.b === null) return;
    const [one, two] = [placeOf(root.current, 'a', now.a, figures.a), placeOf(root.current, 'b', now.b, figures.b)];
    // The counterpart comes to where the node is.
    if (one !== null && two !== null) camera.align({ x: two.x - one.x, y: two.y - one.y });
  };
  const row = comparison.nodes.find(
    (one) =>
      (one.a === null ? null : drawnAs(a.analysis, one.a.id)) === selected.a &&
      (one.b === null ? null : drawnAs(b.analysis, one.b.id)) === selected.b,
  );
  const canvas = (end: End) => (
    <Canvas
      side={end === 'a' ? a : b}
      figure={figures[end]}
      drawn={drawn[end]}
      end={end}
      onWheel={camera.onWheel}
      viewBox={camera.viewBoxes[end === 'a' ? 0 : 1]}
      selected={selected[end]}
      onSelect={(id) => select(end, id)}
      onPointerMove={camera.onPointerMove}
    />
  );
  return (
    <div className={styles['linked']} ref={root}>
      {canvas('a')}
      {canvas('b')}
      <p className={styles['says']} role="status">
        {row === undefined || (selected.a === null && selected.b === null)
          ? null
          : row.status === 'changed'
            ? row.changes.map((change) => changeDetail(change, t)).join(', ')
            : t[row.status]}
      </p>
      <div className={styles['tools']} role="toolbar" aria-label={t.viewTools}>
        <IconButton
          size="sm"
          side="top"
          label={t.zoomOut}
          icon={<Minus size={15} />}
          onClick={() => camera.zoomBy(0.8)}
        />
        <IconButton
          size="sm"
          side="top"
          label={t.zoomIn}
          icon={<Plus size={15} />}
          onClick={() => camera.zoomBy(1.25)}
        />
        <IconButton size="sm" side="top" label={t.fitBoth} icon={<Maximize size={15} />} onClick={camera.fit} />
      </div>
    </div>
  );
}

type CanvasProps = {
  readonly side: DiffSide;
  readonly figure: Figure;
  readonly drawn: Drawn;
  readonly end: End;
  readonly onWheel: (event: WheelEvent) => void;
  readonly viewBox: string;
  readonly selected: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onPointerMove: ReturnType<typeof useLinkedCamera>['onPointerMove'];
};

function Canvas({ side, figure, drawn, end, viewBox, selected, onSelect, onPointerMove, onWheel }: CanvasProps) {
  const { t, pick } = useText('compare');
  const { document, analysis } = side;
  const id = useId();
  const svg = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const element = svg.current;
    // React listens to wheels passively, and could not keep the page from zooming.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [onWheel]);
  const nodes = useMemo(() => figure.parts.flatMap(({ nodes: [first] }) => first ?? []), [figure]);
  const current = selected === null ? -1 : nodes.indexOf(selected);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const next =
      event.key === 'Home' ? 0 : event.key === 'End' ? nodes.length - 1 : step === undefined ? null : current + step;
    if (next === null) return;
    event.preventDefault();
    onSelect(nodes[Math.min(nodes.length - 1, Math.max(0, next))] ?? null);
  };
  const nameOf = (node: string): string => {
    const status = drawn.status.get(node) ?? 'same';
    const shape = findNode(analysis, node)?.outputShape;
    const says = status === 'changed' ? t.changed : t[status];
    return [pick(titleById(document, analysis, node)), shape == null ? '' : formatShape(shape), says]
      .filter((part) => part !== '')
      .join(', ');
  };
  return (
    <svg
      ref={svg}
      data-end={end}
      className={styles['canvas']}
      viewBox={viewBox}
      role="listbox"
      tabIndex={0}
      aria-label={document.name === '' ? t.thisNetwork : document.name}
      aria-activedescendant={current < 0 ? undefined : `${id}-${current}`}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onClick={(event) => {
        if (event.target === event.currentTarget) onSelect(null);
      }}
    >
      {figure.parts.map(({ nodes: [node], marks }, index) =>
        node === undefined ? (
          <g key={index} aria-hidden="true">
            {marks.map(drawMark)}
          </g>
        ) : (
          <Fragment key={index}>
            {/* The keyboard comes here through the list itself, which has the focus. */}
            <g
              id={`${id}-${nodes.indexOf(node)}`}
              role="option"
              aria-selected={node === selected}
              aria-label={nameOf(node)}
              data-node={node}
              data-status={drawn.status.get(node) ?? 'same'}
              className={styles['node']}
              onClick={() => onSelect(node)}
            >
              {marks.filter(({ type }) => type !== 'text').map(drawMark)}
            </g>
            {/* Its name has these numbers in the order of a shape. */}
            <g
              aria-hidden="true"
              data-status={drawn.status.get(node) ?? 'same'}
              className={styles['node']}
              onClick={() => onSelect(node)}
            >
              {marks.filter(({ type }) => type === 'text').map(drawMark)}
            </g>
          </Fragment>
        ),
      )}
    </svg>
  );
}
