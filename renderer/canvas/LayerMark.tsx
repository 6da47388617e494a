import type { CSSProperties } from 'react';
import type { NetworkNode } from '../../shared/schema/document';
import { familyColour } from '../ui/LayerGlyph';
import { classes } from '../ui/classes';
import styles from './LayerMark.module.css';
import { useMarkLook } from './looks';
import { useNodeName } from './nodeNames';

type LayerMarkProps = { readonly node: NetworkNode; readonly isSelected: boolean };

/**
 * A layer seen from so far that type would be grain: a mark in its family's colour, or as hot as it is, and in what is wrong with it. It
 * hears of nothing else, so that an edit that changes a thousand shapes renders none of a thousand marks.
 */
export function LayerMark({ node, isSelected }: LayerMarkProps) {
  const { family, tone, level } = useMarkLook(node.id);
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
