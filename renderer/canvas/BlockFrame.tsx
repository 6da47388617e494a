import type { MouseEvent, ReactNode } from 'react';
import { useEffect } from 'react';
import { findNode } from '../../shared/analysis/blocks';
import { wireWidth } from '../../shared/figures/wireWidth';
import { fill, useText } from '../i18n';
import { chooseFrame, focusOf, levelOf, levelsOf, SessionProvider, useProject, useSession } from '../session';
import styles from './BlockFrame.module.css';
import { enterNode, showLevel } from './blocks';
import type { LayerFlowNode } from './flow';
import { useFlow } from './flow';
import type { Frame } from './frames';
import { useNodeWords } from './nodeNames';
import { followProject } from './motion';
import { LayerCard } from './LayerCard';
import { focusNode } from './view';

type BlockFrameProps = {
  readonly frame: Frame;
  /** The block's own card. */
  readonly children: ReactNode;
};

/** A block that is open in its place: its card, and below it what is in it. */
export function BlockFrame({ frame, children }: BlockFrameProps) {
  return (
    <div className={styles['frame']}>
      <div style={{ height: frame.head }}>{children}</div>
      <SessionProvider session={frame.level.session}>
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
  return (
    <div
      role="group"
      aria-label={fill(t.insideOf, { block: level.block ?? '' })}
      data-session={session.id}
      className={styles['inside']}
      style={{ transform: `translate(${origin.x}px, ${origin.y}px)` }}
    >
      <svg className={styles['wires']} aria-hidden="true">
        {[...wires].map(([{ from, to, toPort = 0 }, { route }]) => (
          <path
            key={`${from}→${to}:${toPort}`}
            d={route.path}
            strokeWidth={wireWidth(findNode(analysis, from)?.outputShape ?? null)}
          />
        ))}
      </svg>
      {nodes.map((node) => (
        <FramedNode key={node.id} node={node} />
      ))}
    </div>
  );
}

/** A node of the inside: a card without ports, which is chosen, edited, and gone into from here. */
function FramedNode({ node: { id, data, position, width, height, selected } }: { readonly node: LayerFlowNode }) {
  const session = useSession();
  const words = useNodeWords(data.node);
  const choose = (): void => {
    chooseFrame(session, session);
    levelsOf(session).at(-2)?.session.project.select([]);
    session.project.select([id]);
  };
  const enter = (event: MouseEvent): void => {
    event.stopPropagation();
    if (enterNode(session, id)) return;
    // The block itself, where its nodes can be moved and wired.
    showLevel(session, levelOf(session).path);
    focusOf(session).project.select([id]);
    focusNode(focusOf(session), id);
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
      onClick={(event) => {
        event.stopPropagation();
        choose();
      }}
      onDoubleClick={enter}
    >
      <LayerCard id={id} data={data} selected={selected === true} dragging={false} />
    </div>
  );
}
