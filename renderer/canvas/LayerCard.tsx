import { asBlock, findNode } from '../../shared/analysis/blocks';
import { isPort } from '../../shared/document/blocks';
import { ChevronDown, ChevronUp, CircleAlert, CirclePlay, Link2, Pin, TriangleAlert } from 'lucide-react';
import type { CSSProperties, MouseEvent, ReactNode } from 'react';
import type { NodeProps } from 'reactflow';
import type { NodeAnalysis } from '../../shared/analysis/types';
import type { NetworkNode } from '../../shared/schema/document';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { useText, type Messages } from '../i18n';
import { fill } from '../i18n/language';
import { problemKey, useSession } from '../session';
import { LayerGlyph, familyColour } from '../ui/LayerGlyph';
import { classes } from '../ui/classes';
import { formatCount, formatShape, formatShort } from '../ui/numbers';
import { toggleInPlace } from './blocks';
import { isWaiting } from './findings';
import type { LayerFlowNode } from './flow';
import { useFinding } from './find';
import { NameInPlace, NumberInPlace } from './InPlaceField';
import { editInPlace, numbersOf, useEditedInPlace } from './inPlace';
import styles from './LayerCard.module.css';
import { useCardLook } from './looks';
import { useNodeName } from './nodeNames';
import { Ports } from './Ports';
import { captionParts, scrubNumber } from './scrub';
import { nodeCaption, nodeTitle, sharingWords } from './speech';
import { hoverNode } from './wiring';

/** A comma after which a line may end, whatever comes next: browsers keep a slash on the line before it. */
const mayBreak = '，\u200b';

/** What a failing node shows in place of its shape: the sizes that do not meet, "16×16 ≠ 12×12". */
function clash(analysis: NodeAnalysis): string | null {
  const [first, ...rest] = analysis.inputShapes;
  const other = rest.find((shape) => shape && first && formatShape(shape) !== formatShape(first));
  if (!first || !other) return null;
  const extents = [first, other].map((shape) => formatShape(shape.slice(0, 2)));
  // Height and width are said alone where they are the matter: both whole shapes would not fit.
  const areMaps = first.length === 3 && other.length === 3;
  return areMaps && extents[0] !== extents[1] ? extents.join(' ≠ ') : `${formatShape(first)} ≠ ${formatShape(other)}`;
}

/** A finding about training is never red: the network itself is whole. */
function Badge({ diagnostic, isTraining }: { readonly diagnostic: Diagnostic; readonly isTraining: boolean }) {
  const { view } = useSession();
  const { t, pick } = useText('canvas');
  const isError = diagnostic.severity === 'error' && !isTraining;
  const Icon = isError ? CircleAlert : isTraining ? CirclePlay : TriangleAlert;
  const name = isTraining ? `${t.training}: ${pick(diagnostic.summary)}` : pick(diagnostic.summary);
  return (
    <button
      type="button"
      className={classes(styles['badge'], 'nodrag', isError ? styles['isError'] : styles['isWarning'])}
      aria-label={`${t.showProblem}: ${name}`}
      title={name}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        view.openProblemCard(problemKey(diagnostic));
      }}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}

/** Characters that a card has for its shape and its parameters, with the gap between them. */
const figuresRoom = 18;

/** The parameters as they fit beside a shape: in full, else in four figures. */
function paramsBeside(shape: string, count: number): string {
  const full = formatCount(count);
  return shape.length + 1 + full.length <= figuresRoom ? full : formatShort(count);
}

type FiguresProps = {
  readonly analysis: NodeAnalysis | undefined;
  /** The heat tells the parameters. */
  readonly isTold: boolean;
  readonly t: Messages<'canvas'>;
};

function Figures({ analysis, isTold, t }: FiguresProps) {
  if (isWaiting(analysis)) {
    return (
      <span className={styles['figures']}>
        <span className={styles['shape']}>{t.needsInput}</span>
      </span>
    );
  }
  const isFailed = analysis?.state === 'failed' && asBlock(analysis) === undefined;
  const shape = isFailed ? clash(analysis) : analysis?.outputShape ? formatShape(analysis.outputShape) : null;
  const params = !isTold && analysis?.paramCount ? paramsBeside(shape ?? '', analysis.paramCount) : null;
  return (
    <span className={styles['figures']}>
      <code className={classes(styles['shape'], isFailed && styles['bad'])} title={shape ?? undefined}>
        {shape ?? <span aria-label={t.noOutput}>–</span>}
      </code>
      {params === null ? null : <code className={styles['params']}>{params}</code>}
    </span>
  );
}

type WordsProps = {
  readonly node: NetworkNode;
  readonly title: string;
  readonly caption: string;
  /** What stands beside the name; the caption has the whole width. */
  readonly children: ReactNode;
};

/** A node's name and its main numbers, or the field in which one of them is being edited. */
function Words({ node, title, caption, children }: WordsProps) {
  const session = useSession();
  const edited = useEditedInPlace(node.id);
  if (edited !== undefined && edited !== null) return <NumberInPlace key={edited} node={node} param={edited} />;
  const analysis = findNode(session.project.getState().analysis, node.id);
  const numbers = numbersOf(node, analysis);
  const editNumber = (event: MouseEvent): void => {
    const under = event.target instanceof HTMLElement ? event.target.dataset['param'] : undefined;
    const param = under ?? numbers[0]?.name;
    if (param === undefined) return;
    event.stopPropagation();
    editInPlace(session, node.id, param);
  };
  return (
    <>
      <span className={styles['name']}>
        {edited === null ? <NameInPlace node={node} /> : <strong title={title}>{title}</strong>}
        {children}
      </span>
      {caption === '' ? null : (
        <em title={caption} onDoubleClick={editNumber}>
          {captionParts(caption, numbers).map(({ text, param }, at) =>
            param === null ? (
              text.replaceAll('，', mayBreak)
            ) : (
              <span
                key={at}
                // React Flow moves the node by everything else.
                className={classes(styles['number'], 'nodrag', 'nopan')}
                data-param={param}
                onPointerDown={({ nativeEvent }) => scrubNumber(session, node, param, nativeEvent)}
              >
                {text}
              </span>
            ),
          )}
        </em>
      )}
    </>
  );
}

/** The button of a block that opens it in its place, or closes it. */
function InPlaceToggle({ id, isOpen }: { readonly id: string; readonly isOpen: boolean }) {
  const session = useSession();
  const { t } = useText('blocks');
  const label = isOpen ? t.closeInPlace : t.openInPlace;
  const Icon = isOpen ? ChevronUp : ChevronDown;
  return (
    <button
      type="button"
      className={classes(styles['badge'], 'nodrag')}
      aria-label={label}
      aria-expanded={isOpen}
      title={label}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        toggleInPlace(session, id);
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}

type CardProps = Pick<NodeProps<LayerFlowNode>, 'id' | 'data' | 'selected' | 'dragging'> & {
  /** Whether a block is open in its place; undefined on a card inside of one, which has no ports and opens nothing. */
  readonly isOpen?: boolean;
};

/** A layer with its words: what it is, its main numbers, its output shape, its parameters. */
export function LayerCard({ id, data, selected, dragging, isOpen }: CardProps) {
  const { t, pick, language } = useText('canvas');
  const session = useSession();
  const name = useNodeName(data.node);
  const look = useCardLook(id);
  const isFound = useFinding((state) => state.matches.has(id));
  const { analysis, share, findings, training, level, warmth } = look;
  const sharing = sharingWords(data.node, look.sharers, language);
  const family = analysis?.definition?.family ?? 'io';
  const title = pick(nodeTitle(data.node, analysis));
  const caption = pick(nodeCaption(analysis));
  const own = findings?.diagnostics[0];
  const finding = own === undefined || own.severity === 'info' ? (training ?? own) : own;
  const waits = isWaiting(analysis);
  const isError = findings?.worst === 'error' && !waits;
  const hasBadge = finding !== undefined && finding.severity !== 'info' && !waits;
  const style: CSSProperties & Record<'--family' | '--level', string> = {
    '--family': familyColour(family),
    '--level': String((level ?? 0) / 100),
  };
  return (
    <div
      ref={isOpen === undefined ? undefined : name}
      className={classes(
        styles['node'],
        level !== null && !isError && styles['hot'],
        selected && styles['selected'],
        isError ? styles['error'] : hasBadge && styles['warned'],
        analysis?.state === 'blocked' && styles['blocked'],
        waits && styles['waiting'],
        look.isBypassed && styles['bypassed'],
        analysis?.definition?.traits.isOpaque === true && styles['opaque'],
        isFound && styles['found'],
        dragging && styles['dragging'],
      )}
      style={style}
      onPointerEnter={() => hoverNode(session, id)}
      onPointerLeave={() => hoverNode(session, null)}
    >
      <span className={classes(styles['head'], isOpen === true && styles['openHead'])}>
        <span className={styles['glyph']}>
          <LayerGlyph
            definition={analysis?.definition}
            params={analysis?.params}
            isBlock={asBlock(analysis) !== undefined}
            isPort={isPort(data.node)}
          />
        </span>
        <span className={styles['words']}>
          <Words node={data.node} title={title} caption={caption}>
            {hasBadge ? <Badge diagnostic={finding} isTraining={finding === training} /> : null}
            {isOpen !== undefined && asBlock(analysis) !== undefined ? <InPlaceToggle id={id} isOpen={isOpen} /> : null}
          </Words>
        </span>
      </span>
      <Figures analysis={analysis} isTold={look.isOfParams} t={t} />
      {warmth === '' ? null : <span className={classes(styles['warmth'], 'figures')}>{warmth}</span>}
      {level === null && share >= 20 ? (
        <span
          className={styles['share']}
          style={{ width: `${share / 10}%` }}
          title={fill(t.shareOf, { percent: `${Math.round(share / 10)} %` })}
        />
      ) : null}
      {sharing === null ? null : (
        <span className={styles['shares']} title={sharing}>
          <Link2 size={11} aria-hidden />
          {data.node.weightsOf === undefined ? null : <span>{data.node.weightsOf}</span>}
        </span>
      )}
      {data.node.pinned === true ? <Pin className={styles['pin']} size={11} aria-hidden /> : null}
      {isOpen === undefined ? null : (
        <Ports id={id} ports={data.ports} title={title} inputs={analysis?.definition?.inputs} />
      )}
    </div>
  );
}
