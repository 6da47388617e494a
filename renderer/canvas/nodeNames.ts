import { useCallback } from 'react';
import { findNode } from '../../shared/analysis/blocks';
import type { NetworkAnalysis } from '../../shared/analysis/types';
import type { NetworkNode } from '../../shared/schema/document';
import type { Language } from '../../shared/text';
import type { Session } from '../session';
import { sessionPart, useProject, useSession } from '../session';
import { useUi } from '../store/ui';
import { findingsByNode } from './findings';
import { heatSource, heatWords, spokenHeat, useHeatSource, type HeatSource } from './heat';
import { nodeSpeech } from './speech';

/** A node's element, and what its name was made of. */
type Named = { readonly element: Element; madeOf: readonly unknown[] };

/**
 * The nodes of a session that are in the page, by id, with what a screen reader calls them. The names tell shapes, so an edit may
 * change a thousand of them: they are written to the elements themselves, past React Flow, which would render each node again.
 */
const namedOf = sessionPart((_session) => new Map<string, Named>());

/** What a screen reader calls a node, in words that a component draws. */
export function useNodeWords(node: NetworkNode): string {
  const language = useUi((state) => state.language);
  const source = useHeatSource();
  return useProject(({ analysis }) => nodeWords(node, analysis, language, source));
}

function nodeWords(node: NetworkNode, analysis: NetworkAnalysis, language: Language, source: HeatSource): string {
  const parts = [nodeSpeech(node, analysis, language), spokenHeat(source, analysis, node.id, language)];
  return parts.filter((part) => part !== '').join(language === 'zh' ? '，' : ', ');
}

function write(session: Session, named: Named, node: NetworkNode): void {
  const { analysis } = session.project.getState();
  const { language } = useUi.getState();
  const source = heatSource(session);
  const warmth = heatWords(source, analysis, node.id);
  const madeOf = [node, findNode(analysis, node.id), findingsByNode(analysis).get(node.id)?.worst, language, warmth];
  if (madeOf.every((part, index) => part === named.madeOf[index])) return;
  named.madeOf = madeOf;
  named.element.setAttribute('aria-label', nodeWords(node, analysis, language, source));
}

/** Brings the names of all nodes that are in the page up to date. */
export function nameNodes(session: Session): void {
  const named = namedOf(session);
  for (const node of session.project.getState().document.nodes) {
    const known = named.get(node.id);
    if (known) write(session, known, node);
  }
}

/** A ref for the drawing of a node: it names the element of React Flow around it for as long as both are there. */
export function useNodeName(node: NetworkNode): (drawn: Element | null) => (() => void) | undefined {
  const session = useSession();
  return useCallback(
    (drawn) => {
      const element = drawn?.closest('.react-flow__node');
      if (!element) return undefined;
      const named = namedOf(session);
      const own: Named = { element, madeOf: [] };
      named.set(node.id, own);
      write(session, own, node);
      return () => {
        if (named.get(node.id) === own) named.delete(node.id);
      };
    },
    [session, node],
  );
}
