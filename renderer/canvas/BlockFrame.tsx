import type { MouseEvent, PointerEvent, ReactNode } from 'react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { findNode } from '../../shared/analysis/blocks';
import { copiesInNetwork } from '../../shared/analysis/inside';
import { wireWidth } from '../../shared/figures/wireWidth';
import type { Position } from '../../shared/schema/document';
import { fill, useText } from '../i18n';
import { chooseFrame, levelsOf, rootOf, SessionProvider, useProject, useSession } from '../session';
import styles from './BlockFrame.module.css';
import { placeNodes } from './actions';
import { enterNode } from './blocks';
import type { LayerFlowNode } from './flow';
import { flowOf, useFlow } from './flow';
import { followPointer } from './frameDrag';
import { FramedPorts, PulledInside } from './FramedPorts';
import { pulledOf } from './framedWire';
import type { Frame } from './frames';
import { useNodeWords } from './nodeNames';
import { followProject } from './motion';
import { LayerCard } from './LayerCard';
import { openQuickInsert } from './quickInsert';
import { nodeTitle } from './speech';
import { tapNode } from './tapWire';

type BlockFrameProps = {
  readonly frame: Frame;
  /** The block's own card. */
  readonly children: ReactNode;
};

/** A block that is open in its place: its card, and below it what is in it. */
export function BlockFrame({ frame, children }: BlockFrameProps) {
  const search = (event: MouseEvent): void => {
    if (event.target !== event.currentTarget) return;
    event.stopPropagation();
    const { session } = frame.level;
    chooseFrame(session, session);
    openQuickInsert(session, { point: { x: event.clientX, y: event.clientY } });
  };
  return (
    <div className={styles['frame']} data-frame-of={frame.level.session.id} onDoubleClick={search}>
      <div style={{ height: frame.head }}>{children}</div>
      <SessionProvider session={frame.level.session}>
        <Reach block={frame.level.block ?? ''} />
        <Inside frame={frame} />
      </SessionProvider>
    </div>
  );
}

/** The nodes and wires of a block as one use of it has them; what is edited there is the block. */
function Inside({ frame: { level, origin } }: { readonly frame: Frame }) {
  const { t } = useText('blocks');
  const session = useSession();
  const nodes = useFlow((state) => state.nodes);
  const wires = useFlow((state) => state.wires);
  useEffect(() => followProject(session), [session]);
  const analysis = useProject((state) => state.analysis);
  // In the hand it is drawn by itself.
  const moving = useStore(pulledOf(session), ({ pulled }) => pulled?.moving ?? null);
  const shown = [...wires].filter(([edge]) => edge !== moving);
  return (
    <div
      role="group"
      aria-label={fill(t.insideOf, { block: level.block ?? '' })}
      data-session={session.id}
      className={styles['inside']}
      style={{ transform: `translate(${origin.x}px, ${origin.y}px)` }}
      // A wire that is pulled from one node to another ends in a click on what holds both: it means neither the block nor the canvas.
      onClick={(event) => event.stopPropagation()}
    >
      <svg className={styles['wires']} aria-hidden="true">
        {shown.map(([{ from, to, toPort = 0 }, { route }]) => (
          <path
            key={`${from}→${to}:${toPort}`}
            d={route.path}
            strokeWidth={wireWidth(findNode(analysis, from)?.outputShape ?? null)}
          />
        ))}
        <PulledInside />
      </svg>
      {nodes.map((node) => (
        <FramedNode key={node.id} node={node} />
      ))}
    </div>
  );
}

/** Says that a change here is one of the block, wherever it is used; nothing where that is here alone. */
function Reach({ block }: { readonly block: string }) {
  const { t } = useText('blocks');
  const session = useSession();
  const copies = useStore(rootOf(session).project.store, ({ document }) => copiesInNetwork(document, block));
  if (copies < 2) return null;
  return <p className={styles['reach']}>{fill(t.changesAll, { count: copies })}</p>;
}

/** A node of the inside: it is chosen, moved, wired and edited here, and gone into if it is a block. */
function FramedNode({ node }: { readonly node: LayerFlowNode }) {
  const { id, data, position, width, height, selected } = node;
  const session = useSession();
  const words = useNodeWords(data.node);
  const choose = (): void => {
    chooseFrame(session, session);
    levelsOf(session).at(-2)?.session.project.select([]);
    session.project.select([id]);
  };
  /** Moves what is chosen with it, in the block and so wherever the block is used. */
  const drag = (event: PointerEvent): void => {
    if (
      event.button !== 0 ||
      (event.target instanceof Element && event.target.closest('.nodrag') !== event.currentTarget)
    )
      return;
    const flow = flowOf(session);
    const { selection } = session.project.getState();
    const places = [...(selection.has(id) ? selection : [id])].flatMap((one): [string, Position][] => {
      const place = flow.shownPlace(one);
      return place === undefined ? [] : [[one, place]];
    });
    const moved = (by: Position) => places.map(([one, { x, y }]) => [one, { x: x + by.x, y: y + by.y }] as const);
    followPointer(session, event, {
      show: (by) => flow.showAt(new Map(moved(by))),
      keep: (by) => placeNodes(session, Object.fromEntries(moved(by))),
      end: () => flow.showAt(new Map()),
    });
  };
  const { pick } = useText('blocks');
  const title = pick(
    nodeTitle(
      data.node,
      useProject(({ analysis }) => findNode(analysis, id)),
    ),
  );
  const enter = (event: MouseEvent): void => {
    event.stopPropagation();
    enterNode(session, id);
  };
  return (
    <div
      role="group"
      tabIndex={0}
      aria-label={words}
      aria-current={selected === true}
      data-framed-id={id}
      className={`${styles['node'] ?? ''} nodrag`}
      style={{ width, height, transform: `translate(${position.x}px, ${position.y}px)` }}
      onFocus={choose}
      onPointerDown={drag}
      onClick={(event) => {
        event.stopPropagation();
        choose();
        tapNode(session, id);
      }}
      onDoubleClick={enter}
    >
      <LayerCard id={id} data={data} selected={selected === true} dragging={false} />
      <FramedPorts node={node} title={title} />
    </div>
  );
}
