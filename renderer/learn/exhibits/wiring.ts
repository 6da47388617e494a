import { sourcesOf } from '../../../shared/compile/lowering';
import { flatNetwork } from '../../../shared/document/expand';
import type { NetworkDocument } from '../../../shared/schema/document';

/** The node whose value a node reads first. */
export function sourceOf(document: NetworkDocument, id: string): string | undefined {
  return sourcesOf(flatNetwork(document), id)[0];
}
