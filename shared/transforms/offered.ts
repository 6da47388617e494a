import type { NetworkAnalysis } from '../analysis/types';
import type { Result } from '../diagnostics/diagnostic';
import type { NetworkDocument } from '../schema/document';
import { convToFc, fcToConv } from './fcConv';
import { findHead, headKinds } from './findHead';
import { foldConvs } from './foldConvs';
import { toFullyConvolutional } from './fullyConvolutional';
import { switchHead } from './heads';
import type { TransformPlan } from './plan';

/** A transform that can be applied as things stand. */
export type OfferedTransform = { readonly id: string; readonly plan: TransformPlan };

/** Up-convs from every class to every class outgrow any tensor: 64·64·1,000·1,000. So ImageNet's classes become the published 21. */
const mostPixelClasses = 200;
const pixelClasses = 21;

function possible(id: string, plan: Result<TransformPlan>): readonly OfferedTransform[] {
  return plan.ok && plan.value.after.ok ? [{ id, plan: plan.value }] : [];
}

/** What one layer can be turned into: FC into a conv and back, and two linear convs into one. */
export function nodeTransforms(
  document: NetworkDocument,
  analysis: NetworkAnalysis,
  nodeId: string,
): readonly OfferedTransform[] {
  const before = document.edges.find(({ to }) => to === nodeId)?.from;
  return [
    ...possible('fcToConv', fcToConv(document, analysis, nodeId)),
    ...possible('convToFc', convToFc(document, analysis, nodeId)),
    ...possible('fold', foldConvs(document, analysis, nodeId)),
    ...(before === undefined ? [] : possible('foldInto', foldConvs(document, analysis, before))),
  ];
}

/** What the whole network can be turned into: another head, or a network that scores every pixel. */
export function networkTransforms(document: NetworkDocument, analysis: NetworkAnalysis): readonly OfferedTransform[] {
  const heads = headKinds.flatMap((head) => possible(`head.${head}`, switchHead(document, analysis, head)));
  const head = findHead(document, analysis);
  const classCount = head.ok && head.value.classCount > mostPixelClasses ? pixelClasses : undefined;
  const scores = ([0, 1, 2] as const).flatMap((skips) =>
    possible(`fcn.${['32s', '16s', '8s'][skips] ?? ''}`, toFullyConvolutional(document, analysis, skips, classCount)),
  );
  return [...heads, ...scores];
}
