import { sharingGroup } from '../../shared/analysis/sharedWeights';
import { blockNamed, isPort } from '../../shared/document/blocks';
import { asBlock, findNode } from '../../shared/analysis/blocks';
import type { NetworkAnalysis, NodeAnalysis } from '../../shared/analysis/types';
import type { NetworkNode } from '../../shared/schema/document';
import type { Language, Text } from '../../shared/text';
import { text } from '../../shared/text';
import type { MessageKey } from '../i18n';
import { fill, messages } from '../i18n';
import { formatCount, formatShape, formatShort, spokenShape } from '../ui/numbers';
import { findingsByNode } from './findings';

/** A node's name on the canvas: its own label, else what its params make it ("Max pool"), else the kind's label, else the kind. */
export function nodeTitle(node: NetworkNode, analysis: NodeAnalysis | undefined): Text {
  if (node.label !== undefined && node.label !== '') return text(node.label, node.label);
  const definition = analysis?.definition;
  if (isPort(node))
    return text(`${messages('blocks', 'en').port} ${node.id}`, `${messages('blocks', 'zh').port} ${node.id}`);
  if (!definition) {
    const name = blockNamed(node) ?? node.kind;
    const repeat = asBlock(analysis)?.repeat ?? 1;
    const times = repeat > 1 ? ` × ${repeat}` : '';
    return text(name + times, name + times);
  }
  return (analysis.params && titleOf(analysis)) ?? definition.label;
}

function titleOf({ definition, params }: NodeAnalysis): Text | undefined {
  return params ? definition?.title?.(params) : undefined;
}

/** The few words under a node's title; empty when its params do not validate. */
export function nodeCaption(analysis: NodeAnalysis | undefined): Text {
  const block = asBlock(analysis);
  if (block !== undefined) {
    const count = formatCount(block.nodeCount);
    const layers = text(block.nodeCount === 1 ? '1 layer' : `${count} layers`, `${count} 层`);
    const [first] = block.inputShapes;
    if (first == null || block.outputShape === null) return layers;
    // What it gives stands below, as on every card.
    const shape = formatShape(first);
    if (block.macs === null) return text(`${shape}\u00a0in`, `输入\u00a0${shape}`);
    // A number keeps its unit beside it, and a line ends at the comma.
    const macs = formatShort(block.macs).replaceAll(' ', '\u00a0');
    return text(`${shape}\u00a0in, ${macs}\u00a0MACs`, `${shape}，${macs}\u00a0乘加`);
  }
  if (!analysis?.definition || !analysis.params) return text('', '');
  return analysis.definition.caption(analysis.params);
}

/** The name of a node by id, for labels of edits and messages. */
export function titleById(
  document: { readonly nodes: readonly NetworkNode[] },
  analysis: NetworkAnalysis,
  id: string,
): Text {
  const node = document.nodes.find((candidate) => candidate.id === id);
  return node ? nodeTitle(node, findNode(analysis, id)) : text(id, id);
}

/** What a screen reader says: "Conv, 20 filters 5 by 5, output 24 by 24 by 20, 520 parameters, all trainable". */
export function nodeSpeech(node: NetworkNode, analysis: NetworkAnalysis, language: Language): string {
  const own = findNode(analysis, node.id);
  const t = messages('canvas', language);
  const parts = [nodeTitle(node, own)[language]];
  if (analysis.bypassed.has(node.id)) parts.push(messages('moving', language).isBypassed);
  if (node.pinned === true) parts.push(messages('moving', language).isPinned);
  const caption = nodeCaption(own)[language];
  if (caption !== '') parts.push(caption.replaceAll('×', ` ${t.by} `).replace(/[ \u00a0]+/g, ' '));
  parts.push(own?.outputShape ? fill(t.outputOf, { shape: spokenShape(own.outputShape, t.by) }) : t.noOutput);
  if (own?.paramCount) {
    parts.push(own.paramCount === 1 ? t.paramOf : fill(t.paramsOf, { count: formatCount(own.paramCount) }));
    parts.push(trainableWords(own.paramCount, own.trainableParams, language));
  }
  const sharing = sharingWords(node, sharingGroup(analysis, node.id), language);
  if (sharing !== null) parts.push(sharing);
  const worst = findingsByNode(analysis).get(node.id)?.worst;
  if (worst === 'error') parts.push(t.hasError);
  else if (own?.state === 'blocked') parts.push(t.isBlocked);
  else if (worst === 'warning') parts.push(t.hasWarning);
  return parts.filter((part) => part !== '').join(language === 'zh' ? '，' : ', ');
}

/** Whose weights a node uses, or who uses its own, of those that share them; null where it shares none. */
export function sharingWords(node: NetworkNode, sharers: readonly string[], language: Language): string | null {
  if (sharers.length === 0) return null;
  const t = messages('canvas', language);
  if (node.weightsOf !== undefined) return fill(t.usesWeightsOf, { owner: node.weightsOf });
  const names = sharers.filter((id) => id !== node.id).join(language === 'zh' ? '、' : ', ');
  return fill(t.weightsUsedBy, { names });
}

/** How many of some parameters are trainable, beside their total: "all trainable", "128 trainable"; empty where that is not known. */
export function trainableWords(total: number, trainable: number | null, language: Language): string {
  const t = messages('canvas', language);
  if (trainable === null) return '';
  if (trainable === total) return total === 1 ? t.isTrainable : t.allTrainable;
  return trainable === 0 ? t.noneTrainable : fill(t.someTrainable, { count: formatCount(trainable) });
}

/** A history label with names filled in, in both languages: it is kept, whatever language is chosen later. */
export function editLabel(key: MessageKey<'canvas'>, values: Readonly<Record<string, Text | number>> = {}): Text {
  const inLanguage = (language: Language): string =>
    fill(
      messages('canvas', language)[key],
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? value : value[language]]),
      ),
    );
  return text(inLanguage('en'), inLanguage('zh'));
}
