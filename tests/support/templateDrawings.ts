import { flatNetwork } from '../../shared/document/expand';
import type { NetworkDocument } from '../../shared/schema/document';
import { templates } from '../../templates/build';

/** What the canvas shows of a template. */
export type TemplateDrawing = { readonly name: string; readonly document: NetworkDocument };

/** Every template as it is opened, the inside of each of its blocks, and all of it drawn out flat. */
export const templateDrawings: readonly TemplateDrawing[] = templates.flatMap(({ id, document }) => [
  { name: id, document },
  ...Object.entries(document.blocks ?? {}).map(([block, { nodes, edges }]) => ({
    name: `${id} / ${block}`,
    document: { ...document, nodes, edges },
  })),
  ...(document.version === 2 ? [{ name: `${id} / (flat)`, document: flatNetwork(document) }] : []),
]);

/** The drawing of a template by its name. */
export function drawingOf(name: string): NetworkDocument {
  const found = templateDrawings.find((drawing) => drawing.name === name);
  if (found === undefined) throw new Error(`There is no drawing called ${name}.`);
  return found.document;
}
