import type { CSSProperties } from 'react';
import { findNode } from '../../shared/analysis/blocks';
import type { NetworkNode } from '../../shared/schema/document';
import { useTrainingProblemsOf } from '../problems/trainingFindings';
import { useProject } from '../session';
import { familyColour } from '../ui/LayerGlyph';
import { classes } from '../ui/classes';
import { toneOf } from './findings';
import { useHeatLevel } from './heat';
import styles from './LayerMark.module.css';
import { useNodeName } from './nodeNames';

type LayerMarkProps = { readonly node: NetworkNode; readonly isSelected: boolean };

/**
 * A layer seen from so far that type would be grain: a mark in its family's colour, or as hot as it is, and in what is wrong with it. It
 * hears of nothing else, so that an edit that changes a thousand shapes renders none of a thousand marks.
 */
export function LayerMark({ node, isSelected }: LayerMarkProps) {
  const { id } = node;
  const family = useProject((state) => findNode(state.analysis, id)?.definition?.family ?? 'io');
  const isUntrainable = useTrainingProblemsOf(id).some(({ severity }) => severity !== 'info');
  const tone = useProject((state) => toneOf(state.analysis, id, isUntrainable));
  const level = useHeatLevel(id);
  const style: CSSProperties & Record<'--family' | '--level', string> = {
    '--family': familyColour(family),
    '--level': String((level ?? 0) / 100),
  };
  return (
    <div
      ref={useNodeName(node)}
      className={classes(styles['mark'], isSelected && styles['selected'], level !== null && styles['hot'])}
      style={style}
      data-tone={tone}
    />
  );
}
