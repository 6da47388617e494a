import { useMemo } from 'react';
import { explainNode } from '../../shared/analysis/explainNode';
import { heatOf } from '../../shared/analysis/heat';
import type { NetworkAnalysis, NodeAnalysis } from '../../shared/analysis/types';
import type { Explanation } from '../../shared/layers/define';
import { isInput } from '../../shared/layers/traits';
import { formatMilliseconds } from '../../shared/text';
import { useLayerTime, useLayerTimes, useNodeTimes } from '../canvas/times';
import { fill, useText } from '../i18n';
import { familyColour, formatCount, formatShape } from '../ui';
import { formatBytes, formatShare } from '../ui/units';
import { FormulaCard } from './FormulaCard';
import { ReceptiveFieldFigure } from './ReceptiveFieldFigure';
import styles from './Inspector.module.css';

type NodeCardsProps = { readonly node: NodeAnalysis; readonly network: NetworkAnalysis };

/** Height and width of the input that this network starts from, where there is one and its size is known. */
function imageSize(network: NetworkAnalysis): readonly [number, number] | null {
  const [first] = network.inputs;
  const shape = first === undefined ? null : (network.nodes.get(first)?.outputShape ?? null);
  const [height, width] = shape ?? [];
  return shape?.length === 3 && typeof height === 'number' && typeof width === 'number' ? [height, width] : null;
}

/** Positions that share a window's weights: 24·24 = 576 behind LeNet's first conv. */
function sharedPositions(node: NodeAnalysis): number | null {
  const role = node.definition?.traits.role;
  if (role !== 'convolution' && role !== 'transposedConvolution') return null;
  const [height, width] = (role === 'convolution' ? node.outputShape : node.inputShapes[0]) ?? [];
  return typeof height === 'number' && typeof width === 'number' ? height * width : null;
}

/** What is known about a node: size, parameters, what it sees, what it costs. Each figure opens into its formula. */
export function NodeCards({ node, network }: NodeCardsProps) {
  const { t } = useText('inspector');
  const unknown = node.state === 'blocked' ? t.blocked : t.unknown;
  const explanations = useMemo(() => explainNode(node), [node]);
  const about = (topic: Explanation['about']): readonly Explanation[] =>
    explanations.filter((one) => one.about === topic);
  const positions = sharedPositions(node);
  const params = node.paramCount;
  const hasWeights = params !== null && params > 0;
  const share = fill(t.shareOfAll, { share: formatShare(params ?? 0, network.totals.params) });
  const sharing = positions === null ? share : `${fill(t.sharedBy, { count: positions })} ${share}`;
  const color = familyColour(node.definition?.family ?? 'io');
  const image = imageSize(network);
  const bytes = node.activationBytes;
  const shape = node.outputShape;
  return (
    <section className={styles['cards']} aria-label={t.numbers}>
      <FormulaCard
        id="shape"
        title={t.outputShape}
        result={shape === null ? unknown : formatShape(shape)}
        explanations={about('shape')}
      />
      {hasWeights || about('params').length > 0 ? (
        <FormulaCard
          id="params"
          title={t.allParameters}
          result={params === null ? unknown : formatCount(params)}
          explanations={about('params')}
          note={hasWeights ? sharing : undefined}
        />
      ) : null}
      {node.receptiveField !== null && !isInput(node.definition) ? (
        <FormulaCard
          id="sees"
          title={t.receptiveField}
          result={
            node.receptiveField.global || node.receptiveField.size.some((size) => !Number.isFinite(size))
              ? t.everything
              : `${node.receptiveField.size[0]}×${node.receptiveField.size[1]}`
          }
          explanations={about('receptiveField')}
          note={node.receptiveField.union ? t.unionOfBranches : undefined}
        >
          <ReceptiveFieldFigure field={node.receptiveField} image={image} output={shape} color={color} />
        </FormulaCard>
      ) : null}
      {about('values').length > 0 ? (
        <FormulaCard
          id="values"
          title={t.values}
          result={about('values')[0]?.result ?? unknown}
          explanations={about('values')}
          note={
            node.definition?.traits.role === 'dense' && node.inputShapes[0]?.length === 3 ? t.valuesChange : undefined
          }
        />
      ) : null}
      {node.macs !== null && node.macs > 0 ? (
        <FormulaCard id="macs" title={t.macs} result={formatCount(node.macs)} explanations={about('macs')} />
      ) : null}
      <TimeCard id={node.id} network={network} />
      {bytes === null || shape === null ? null : (
        <FormulaCard id="memory" title={t.memory} result={formatBytes(bytes)}>
          <p className="figures">
            {[...shape.map((size) => size ?? '?'), 4].join('·')} = <b>{formatCount(bytes)}</b>
          </p>
          <p className={styles['cardNote']}>{t.memoryNote}</p>
        </FormulaCard>
      )}
    </section>
  );
}

/** How long a node takes in a training step, where that was measured; of a block what is in it takes. */
function TimeCard({ id, network }: { readonly id: string; readonly network: NetworkAnalysis }) {
  const { t } = useText('inspector');
  const measured = useLayerTimes();
  const times = useNodeTimes();
  const own = useLayerTime(id);
  const heat = times === null ? undefined : heatOf(network, 'time', times).values.get(id);
  if (measured === null || heat === undefined) return null;
  const share = fill(t.timeShare, { share: formatShare(heat.value, measured.layersMs), batch: measured.batchSize });
  const spread =
    own === null ? '' : ` ${fill(t.timeSpread, { rounds: own.rounds, spread: formatMilliseconds(own.spreadMs) })}`;
  return <FormulaCard id="time" title={t.time} result={formatMilliseconds(heat.value)} note={`${share}${spread}`} />;
}
