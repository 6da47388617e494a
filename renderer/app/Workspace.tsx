import type { ReactNode } from 'react';
import { Suspense, useEffect, useRef } from 'react';
import type { PanelSize } from 'react-resizable-panels';
import { Group, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { keepWhole } from '../canvas/opening';
import { useText } from '../i18n';
import { Inspector } from '../inspector/Inspector';
import { Palette } from '../palette/Palette';
import { ChosenProvider, FocusProvider, useChosen, useProject, useSession } from '../session';
import type { DockTab, PanelName } from '../store';
import { remember, setPanelHidden, useUi } from '../store';
import { NetworkPanes } from '../tabs/NetworkPanes';
import { TabStrip } from '../tabs/TabStrip';
import { later } from '../ui/later';
import { useNarrow } from '../ui/useNarrow';
import { Dock, DockBar } from './Dock';
import { ErrorBoundary } from './ErrorBoundary';
import styles from './Workspace.module.css';

const CoursePanel = later(async () => (await import('../learn/CoursePanel')).CoursePanel);

type Sizes = {
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** The most that it takes of this window by itself, whatever was remembered from a larger one. */
  readonly share?: number;
};

const columnSizes = {
  palette: { initial: 208, min: 168, max: 320 },
  inspector: { initial: 296, min: 248, max: 480 },
  course: { initial: 344, min: 288, max: 560 },
} as const satisfies Record<string, Sizes>;

/** What is left to the canvas above the dock, also in the smallest window: a row of nodes with the tools of the view. */
const leastCanvas = 140;

const windowHeight = window.innerHeight;
/** On a small screen the dock starts lower, so that the canvas keeps the better part of the window. */
const dockSizes: Sizes = { initial: Math.min(252, Math.round(windowHeight * 0.29)), min: 140, max: 720 };
/** Training is a bench rather than a list: settings, curves and outcome side by side, the network small above; so are two canvases. */
const benchSizes: Sizes = { initial: Math.round(windowHeight * 0.45), min: 220, max: 720, share: windowHeight * 0.6 };

type SidePanelProps = {
  readonly name: PanelName;
  readonly label: string;
  readonly sizes: Sizes;
  /** Which size of the panel is meant, where what it shows decides; each is remembered by itself. */
  readonly variant?: string;
  readonly children: ReactNode;
};

/** A panel that keeps its size in pixels, remembers it, and goes away when it is pulled shut. */
function SidePanel({ name, label, sizes, variant, children }: SidePanelProps) {
  const key = variant === undefined ? `size.${name}` : `size.${name}.${variant}`;
  const remembered = useUi((state) => state.layout[key]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const panel = usePanelRef();
  const { initial, min, max, share = max } = sizes;
  const start = Math.max(min, Math.min(max, share, typeof remembered === 'number' ? remembered : initial));
  const shownAs = useRef(key);
  const session = useSession();
  useEffect(() => {
    if (shownAs.current === key) return;
    shownAs.current = key;
    clearTimeout(timer.current);
    keepWhole(session, () => panel.current?.resize(start));
  }, [key, start, panel, session]);
  const onResize = ({ inPixels }: PanelSize, _id: unknown, before: PanelSize | undefined): void => {
    if (before === undefined) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (inPixels < min - 1) setPanelHidden(name, true);
      else remember(key, Math.round(inPixels));
    }, 200);
  };
  return (
    <Panel
      id={name}
      panelRef={panel}
      defaultSize={start}
      minSize={min}
      maxSize={max}
      collapsible
      groupResizeBehavior="preserve-pixel-size"
      onResize={onResize}
    >
      <section className={styles['panel']} aria-label={label} data-panel-name={name}>
        <h2 className="visually-hidden">{label}</h2>
        <ErrorBoundary>{children}</ErrorBoundary>
      </section>
    </Panel>
  );
}

/** Below it, the canvas has no room for its tools. */
const leastNetwork = 480;

/** Palette, canvas, inspector and dock, and the course beside them, or over them in a window as narrow as a telephone. The canvas stays mounted whatever comes and goes around it. */
export function Workspace() {
  const { t } = useText('app');
  const hidden = useUi((state) => state.hiddenPanels);
  const isAlone = useUi((state) => state.isCanvasAlone);
  const isNarrow = useNarrow();
  const hasCourse = !isAlone && !hidden.has('course');
  return (
    <Group orientation="horizontal" className={styles['group'] ?? ''} id="sides">
      <Panel id="network" minSize={isNarrow ? 0 : leastNetwork}>
        <div className={styles['rows']}>
          <Rows />
        </div>
      </Panel>
      {hasCourse && isNarrow ? (
        <section className={styles['over']} aria-label={t.coursePanel} data-panel-name="course">
          <Suspense>
            <CoursePanel />
          </Suspense>
        </section>
      ) : null}
      {hasCourse && !isNarrow ? (
        <>
          <Separator id="course-edge" className={styles['vertical'] ?? ''} aria-label={t.resizeCourse} />
          <SidePanel name="course" label={t.coursePanel} sizes={columnSizes.course}>
            <Suspense>
              <CoursePanel />
            </Suspense>
          </SidePanel>
        </>
      ) : null}
    </Group>
  );
}

/** Tabs that want the room of a bench, not of a list. */
const benches: ReadonlySet<DockTab> = new Set(['data', 'training', 'runs', 'results', 'inside']);

/** What is about the network: palette, canvas and inspector above the dock. */
function Rows() {
  const { t } = useText('app');
  const { id: chosenId } = useChosen();
  const hidden = useUi((state) => state.hiddenPanels);
  const isAlone = useUi((state) => state.isCanvasAlone);
  const isEmpty = useProject((state) => state.document.nodes.length === 0);
  const bench = useUi(({ dockTab, layout }) =>
    benches.has(dockTab) || (dockTab === 'compare' && layout['compare.drawn'] === true) ? dockTab : null,
  );
  const shows = (name: PanelName): boolean => !isAlone && !hidden.has(name);
  return (
    <>
      {isAlone ? null : <TabStrip />}
      <Group orientation="vertical" className={styles['group'] ?? ''} id="rows">
        <Panel id="upper" minSize={leastCanvas}>
          <Group orientation="horizontal" id="columns">
            <FocusProvider>
              {shows('palette') ? (
                <>
                  <SidePanel name="palette" label={t.palettePanel} sizes={columnSizes.palette}>
                    <Palette />
                  </SidePanel>
                  <Separator id="palette-edge" className={styles['vertical'] ?? ''} aria-label={t.resizePalette} />
                </>
              ) : null}
              <Panel id="canvas" minSize={320}>
                <section className={styles['panel']} aria-label={t.canvasPanel} id="canvas">
                  <h2 className="visually-hidden">{t.canvasPanel}</h2>
                  <ErrorBoundary>
                    <NetworkPanes />
                  </ErrorBoundary>
                </section>
              </Panel>
              {shows('inspector') ? (
                <>
                  <Separator id="inspector-edge" className={styles['vertical'] ?? ''} aria-label={t.resizeInspector} />
                  <SidePanel name="inspector" label={t.inspectorPanel} sizes={columnSizes.inspector}>
                    <ChosenProvider>
                      <Inspector key={chosenId} />
                    </ChosenProvider>
                  </SidePanel>
                </>
              ) : null}
            </FocusProvider>
          </Group>
        </Panel>
        {shows('dock') ? (
          <>
            <Separator id="dock-edge" className={styles['horizontal'] ?? ''} aria-label={t.resizeDock} />
            <SidePanel
              name="dock"
              label={t.dockPanel}
              {...(bench === null || isEmpty ? { sizes: dockSizes } : { sizes: benchSizes, variant: bench })}
            >
              <Dock />
            </SidePanel>
          </>
        ) : null}
      </Group>
      {!isAlone && hidden.has('dock') ? <DockBar /> : null}
    </>
  );
}
