import type { ReactNode } from 'react';
import { useRef } from 'react';
import type { PanelSize } from 'react-resizable-panels';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { Canvas } from '../canvas/Canvas';
import { useText } from '../i18n';
import { Inspector } from '../inspector/Inspector';
import { Palette } from '../palette/Palette';
import { useSession } from '../session';
import type { PanelName } from '../store';
import { remember, setPanelHidden, useUi } from '../store';
import { Dock, DockBar } from './Dock';
import { ErrorBoundary } from './ErrorBoundary';
import styles from './Workspace.module.css';

const sizes = {
  palette: { initial: 208, min: 168, max: 320 },
  inspector: { initial: 296, min: 248, max: 480 },
  dock: { initial: 252, min: 140, max: 720 },
} as const;

type SidePanelProps = {
  readonly name: PanelName;
  readonly label: string;
  readonly children: ReactNode;
};

/** A panel that keeps its size in pixels, remembers it, and goes away when it is pulled shut. */
function SidePanel({ name, label, children }: SidePanelProps) {
  const remembered = useUi((state) => state.layout[`size.${name}`]);
  const { initial, min, max } = sizes[name];
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // On a small screen the dock starts lower, so that the canvas keeps the better part of the window.
  const first = name === 'dock' ? Math.min(initial, Math.round(window.innerHeight * 0.29)) : initial;
  const start = typeof remembered === 'number' ? Math.min(max, Math.max(min, remembered)) : first;
  const onResize = ({ inPixels }: PanelSize, _id: unknown, before: PanelSize | undefined): void => {
    if (before === undefined) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (inPixels < min - 1) setPanelHidden(name, true);
      else remember(`size.${name}`, Math.round(inPixels));
    }, 200);
  };
  return (
    <Panel
      id={name}
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

/** Palette, canvas, inspector and dock. The canvas stays mounted whatever comes and goes around it. */
export function Workspace() {
  const { t } = useText('app');
  const { id } = useSession();
  const hidden = useUi((state) => state.hiddenPanels);
  const isAlone = useUi((state) => state.isCanvasAlone);
  const shows = (name: PanelName): boolean => !isAlone && !hidden.has(name);
  return (
    <>
      <Group orientation="vertical" className={styles['group'] ?? ''} id="rows">
        <Panel id="upper" minSize={200}>
          <Group orientation="horizontal" id="columns">
            {shows('palette') ? (
              <>
                <SidePanel name="palette" label={t.palettePanel}>
                  <Palette />
                </SidePanel>
                <Separator id="palette-edge" className={styles['vertical'] ?? ''} aria-label={t.resizePalette} />
              </>
            ) : null}
            <Panel id="canvas" minSize={320}>
              <section className={styles['panel']} aria-label={t.canvasPanel} id="canvas">
                <h2 className="visually-hidden">{t.canvasPanel}</h2>
                <ErrorBoundary>
                  <Canvas />
                </ErrorBoundary>
              </section>
            </Panel>
            {shows('inspector') ? (
              <>
                <Separator id="inspector-edge" className={styles['vertical'] ?? ''} aria-label={t.resizeInspector} />
                <SidePanel name="inspector" label={t.inspectorPanel}>
                  <Inspector key={id} />
                </SidePanel>
              </>
            ) : null}
          </Group>
        </Panel>
        {shows('dock') ? (
          <>
            <Separator id="dock-edge" className={styles['horizontal'] ?? ''} aria-label={t.resizeDock} />
            <SidePanel name="dock" label={t.dockPanel}>
              <Dock />
            </SidePanel>
          </>
        ) : null}
      </Group>
      {!isAlone && hidden.has('dock') ? <DockBar /> : null}
    </>
  );
}
