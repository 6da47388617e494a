import { FileImage, Maximize, Minus, Plus } from 'lucide-react';
import type { KeyboardEvent, RefObject } from 'react';
import { Fragment, useEffect, useId, useMemo, useRef, useState } from 'react';
import { drawnAs, findNode } from '../../shared/analysis/blocks';
import { explainNode } from '../../shared/analysis/explainNode';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import { drawFigure } from '../../shared/figures';
import type { Figure, FigurePart } from '../../shared/figures/figure';
import { choiceNames, defaultFigureOptions, figureChoices, figureLimits } from '../../shared/schema/figures';
import type { Text } from '../../shared/text';
import { formatCount, formatShape } from '../../shared/text';
import { isMeasured } from '../../shared/analysis/heat';
import { useHeatSource } from '../canvas/heat';
import { titleById } from '../canvas/speech';
import { ViewMenu, ViewRow } from '../canvas/ViewMenu';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import { remember, useUi } from '../store';
import { IconButton, Segments } from '../ui';
import { useCamera } from './camera';
import { drawMark } from './FigureMarks';
import { openFigureExport } from './exportStore';
import { ViewSwitch } from './ViewSwitch';
import styles from './Volumes.module.css';

/** CSS pixels in a millimetre. */
const pixelsPerMm = 96 / 25.4;
/** The figure is drawn anew only where this much more or less room, in pixels, may set it otherwise. */
const roomStep = 40;

/** The room of an element, in pixels, rounded to steps; null until it is known. */
function useRoom(element: RefObject<Element | null>): { readonly width: number; readonly height: number } | null {
  const [room, setRoom] = useState<{ readonly width: number; readonly height: number } | null>(null);
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const [width, height] = [entry.contentRect.width, entry.contentRect.height].map((size) =>
        Math.max(roomStep, Math.round(size / roomStep) * roomStep),
      );
      if (width === undefined || height === undefined) return;
      setRoom((known) => (known?.width === width && known.height === height ? known : { width, height }));
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return room;
}

/** A choice of the view as it is remembered. */
function chosen<V extends string>(value: unknown, choice: Readonly<Record<V, Text>>, otherwise: V): V {
  return choiceNames<V>(choice).find((name) => name === value) ?? otherwise;
}

/** The figure of the session's network as the window shows it. */
function useFigure(element: RefObject<Element | null>) {
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const { language } = useText('volumes');
  const layout = useUi((state) => state.layout);
  const { measure, measured } = useHeatSource();
  const heat = measure === null || (isMeasured(measure) && measured === null) ? 'none' : measure;
  const room = useRoom(element);
  const style = chosen(layout['volumes.style'], figureChoices.style, defaultFigureOptions.style);
  const scale = chosen(layout['volumes.scale'], figureChoices.scale, defaultFigureOptions.scale);
  const arrangement = chosen(
    layout['volumes.arrangement'],
    figureChoices.arrangement,
    defaultFigureOptions.arrangement,
  );
  const figure = useMemo(() => {
    const options = {
      ...defaultFigureOptions,
      view: 'volumes',
      style,
      scale,
      arrangement,
      heat,
      language,
      ...(measured !== null && { measured }),
    } as const;
    if (room === null) return drawFigure(document, analysis, options);
    const width = Math.min(figureLimits.width.max, Math.max(figureLimits.width.min, room.width / pixelsPerMm));
    const drawn = drawFigure(document, analysis, { ...options, width });
    if (arrangement !== 'auto') return drawn;
    // Lines that are too many for the room are smaller than the one row that they were cut from.
    const row = drawFigure(document, analysis, { ...options, width: figureLimits.width.max });
    return fit(row, room) > fit(drawn, room) ? row : drawn;
  }, [document, analysis, style, scale, arrangement, heat, measured, language, room]);
  return { figure, style, scale, arrangement, document, analysis };
}

/** Pixels for a unit of a figure that is shown whole. */
function fit({ frame }: Figure, room: { readonly width: number; readonly height: number }): number {
  return Math.min(room.width / frame.width, room.height / frame.height);
}

/** The network as volumes: the same geometry that is exported, with the canvas's selection. */
export function Volumes() {
  const { t, pick, language } = useText('volumes');
  const session = useSession();
  const selection = useProject((state) => state.selection);
  const svg = useRef<SVGSVGElement>(null);
  const { figure, style, scale, arrangement, document, analysis } = useFigure(svg);
  const camera = useCamera(figure.frame, svg);
  const id = useId();
  const [hovered, setHovered] = useState<FigurePart | null>(null);
  const parts = useMemo(() => figure.parts.filter(({ nodes }) => nodes.length > 0), [figure]);
  const isSelected = (part: FigurePart): boolean => part.nodes.some((node) => selection.has(drawnAs(analysis, node)));
  const current = parts.findIndex(isSelected);
  const select = (part: FigurePart | undefined): void => {
    const [first] = part?.nodes ?? [];
    session.project.select(first === undefined ? [] : [drawnAs(analysis, first)]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextPart(event.key, current, parts, isSelected);
    if (next === null) return;
    event.preventDefault();
    select(parts[next]);
  };
  const nameOf = (part: FigurePart): string => {
    const [first = ''] = part.nodes;
    const node = findNode(analysis, first);
    const title = pick(titleById(document, analysis, drawnAs(analysis, first)));
    return node?.outputShape == null ? title : `${title}, ${formatShape(node.outputShape)}`;
  };
  const byPointer = (part: FigurePart) => ({
    onClick: () => select(part),
    onPointerEnter: () => setHovered(part),
    onPointerLeave: () => setHovered(null),
  });
  const shown = hovered !== null && figure.parts.includes(hovered) ? hovered : parts[current];
  return (
    <div className={styles['volumes']}>
      <svg
        ref={svg}
        className={styles['figure']}
        viewBox={camera.viewBox}
        role="listbox"
        tabIndex={0}
        aria-label={t.volumes}
        aria-activedescendant={current < 0 ? undefined : `${id}-${current}`}
        onKeyDown={onKeyDown}
        onPointerMove={camera.onPointerMove}
        onClick={(event) => {
          if (event.target === event.currentTarget) select(undefined);
        }}
      >
        {figure.parts.map((part, index) =>
          part.nodes.length === 0 ? (
            <g key={index} aria-hidden="true">
              {part.marks.map(drawMark)}
            </g>
          ) : (
            <Fragment key={index}>
              {/* The keyboard comes here through the list itself, which has the focus. */}
              <g
                id={`${id}-${parts.indexOf(part)}`}
                role="option"
                aria-selected={isSelected(part)}
                aria-label={nameOf(part)}
                className={styles['part']}
                {...byPointer(part)}
              >
                {part.marks.filter(({ type }) => type !== 'text').map(drawMark)}
              </g>
              {/* Its name has these numbers in the order of a shape. */}
              <g aria-hidden="true" className={styles['part']} {...byPointer(part)}>
                {part.marks.filter(({ type }) => type === 'text').map(drawMark)}
              </g>
            </Fragment>
          ),
        )}
      </svg>
      {shown === undefined ? null : <Readout name={nameOf(shown)} node={shown.nodes[0] ?? ''} analysis={analysis} />}
      <div className={styles['bar']}>
        <ViewSwitch />
        <div role="toolbar" aria-label={t.tools} className={styles['tools']}>
          <ViewMenu>
            <ViewRow name={t.style}>
              <Segments
                label={t.style}
                value={style}
                choice={figureChoices.style}
                language={language}
                onChange={(value) => remember('volumes.style', value)}
              />
            </ViewRow>
            <ViewRow name={t.arrangement}>
              <Segments
                label={t.arrangement}
                value={arrangement}
                choice={figureChoices.arrangement}
                language={language}
                onChange={(value) => remember('volumes.arrangement', value)}
              />
            </ViewRow>
            <ViewRow name={t.scale}>
              <Segments
                label={t.scale}
                value={scale}
                choice={figureChoices.scale}
                language={language}
                onChange={(value) => remember('volumes.scale', value)}
              />
            </ViewRow>
          </ViewMenu>
          <IconButton
            size="sm"
            side="top"
            label={t.exportFigure}
            icon={<FileImage size={15} />}
            onClick={openFigureExport}
          />
          <IconButton size="sm" side="top" label={t.zoomOut} icon={<Minus size={15} />} onClick={camera.zoomOut} />
          <IconButton size="sm" side="top" label={t.zoomIn} icon={<Plus size={15} />} onClick={camera.zoomIn} />
          <IconButton size="sm" side="top" label={t.fit} icon={<Maximize size={15} />} onClick={camera.fit} />
        </div>
      </div>
    </div>
  );
}

/** Where a key leads in the list of parts; null for a key that leads nowhere. A part of the same selection is passed over. */
function nextPart(
  key: string,
  current: number,
  parts: readonly FigurePart[],
  isSelected: (part: FigurePart) => boolean,
): number | null {
  if (key === 'Home') return 0;
  if (key === 'End') return parts.length - 1;
  const step = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : key === 'ArrowLeft' || key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return null;
  let next = current + step;
  for (let part = parts[next]; part !== undefined && current >= 0 && isSelected(part); part = parts[next]) next += step;
  return Math.min(parts.length - 1, Math.max(0, next));
}

type ReadoutProps = { readonly name: string; readonly node: string; readonly analysis: NetworkAnalysis };

/** The numbers of the volume that is pointed at, or chosen, with the formula of its shape. */
function Readout({ name, node, analysis }: ReadoutProps) {
  const { t, pick } = useText('volumes');
  const known = findNode(analysis, node);
  const formulas = (known === undefined ? [] : explainNode(known)).filter(({ about }) => about === 'shape');
  const [input] = known?.inputShapes ?? [];
  return (
    <div className={styles['readout']}>
      <strong>{name}</strong>
      {input == null ? null : <span>{fill(t.input, { shape: formatShape(input) })}</span>}
      {formulas.map(({ title, formula, numbers, result }, index) => (
        <span key={index} className="figures">
          {pick(title)}: {formula}
          {numbers === '' ? '' : ` = ${numbers}`} = {result}
        </span>
      ))}
      {known?.paramCount == null ? null : <span>{fill(t.params, { count: formatCount(known.paramCount) })}</span>}
    </div>
  );
}
