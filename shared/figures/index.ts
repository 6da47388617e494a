import type { NetworkAnalysis } from '../analysis/types';
import type { NetworkDocument } from '../schema/document';
import type { FigureOptions } from '../schema/figures';
import { drawGraph } from './drawGraph';
import { drawVolumes } from './drawVolumes';
import type { Figure } from './figure';

const views: {
  readonly [V in FigureOptions['view']]: (
    document: NetworkDocument,
    analysis: NetworkAnalysis,
    options: FigureOptions,
  ) => Figure;
} = { graph: drawGraph, volumes: drawVolumes };

/** Draws a network in the view that is asked for. Total: a network with errors is drawn as far as it is known. */
export function drawFigure(document: NetworkDocument, analysis: NetworkAnalysis, options: FigureOptions): Figure {
  return views[options.view](document, analysis, options);
}
