import { findHead, type HeadKind } from '../../transforms/findHead';
import { headVariants } from '../../transforms/heads';
import type { HeadVariant } from '../../transforms/heads';
import type { NetworkAnalysis } from '../../analysis/types';
import type { NetworkDocument } from '../../schema/document';
import { formatCount, text } from '../../text';
import { takesSmallPicture } from './exhibit';
import type { Exhibit, Question } from './exhibit';

/** From an FC head to GAP: parameters fall, class maps appear. */
export const headsExhibit: Exhibit = {
  id: 'heads',
  lesson: 'gap',
  title: text('From FC to GAP', '从全连接到全局池化'),
  task: text(
    'The same trunk under an FC head and under GAP. The bars are the parameters of each. With GAP every class has a map of the picture: train it, and see what speaks for the answer.',
    '同一个主干，分别接全连接头和全局池化。条形是各自的参数个数。用全局池化时，每个类别都有一张图：训练它，看看哪些地方支持这个答案。',
  ),
  template: 'lenet',
  fits: (analysis) => takesSmallPicture(analysis),
  wantsTraining: true,
};

/** One head of a trunk with what it costs. */
export type HeadBar = {
  readonly kind: HeadKind;
  readonly document: NetworkDocument;
  readonly analysis: NetworkAnalysis;
  readonly params: number;
  /** Of these, the head's own. */
  readonly headParams: number;
};

function ofVariant(variant: HeadVariant): HeadBar | null {
  if (variant.state === 'impossible') return null;
  const { document, analysis } =
    variant.state === 'current' ? variant : { document: variant.plan.document, analysis: variant.plan.after };
  const head = findHead(document, analysis);
  const own = head.ok ? head.value.nodes.reduce((sum, id) => sum + (analysis.nodes.get(id)?.paramCount ?? 0), 0) : 0;
  return { kind: variant.kind, document, analysis, params: analysis.totals.params, headParams: own };
}

/** The trunk of a network under each head that it can have; empty where no head is found. */
export function headBars(document: NetworkDocument, analysis: NetworkAnalysis): readonly HeadBar[] {
  const variants = headVariants(document, analysis);
  return variants.ok ? variants.value.map(ofVariant).filter((bar) => bar !== null) : [];
}

/** How many parameters fall away. */
export function headsQuestion(bars: readonly HeadBar[]): Question | null {
  const [fc, gap] = (['fc', 'gap'] as const).map((kind) => bars.find((bar) => bar.kind === kind));
  if (fc === undefined || gap === undefined) return null;
  const share = Math.round((100 * (fc.params - gap.params)) / fc.params);
  return {
    kind: 'number',
    ask: text(
      'How many percent of all parameters fall away when GAP takes the place of the FC head?',
      '用全局池化代替全连接头后，全部参数减少百分之几？',
    ),
    because: text(
      `${formatCount(fc.params)} become ${formatCount(gap.params)}: ${share} % less.`,
      `参数从 ${formatCount(fc.params)} 个变成 ${formatCount(gap.params)} 个，减少 ${share} %。`,
    ),
    answer: share,
    tolerance: 1,
  };
}
