import { findBlock } from '../../shared/document/blocks';
import { copiesInNetwork } from '../../shared/analysis/inside';
import type { Json, NetworkDocument } from '../../shared/schema/document';
import { actionOf, usePerform } from '../actions';
import { blockLabel, replaceWith } from '../canvas/blocks';
import { fill, useText } from '../i18n';
import { levelsOf, useLevel, useProject, useSession } from '../session';
import { Button, FigureList, formatCount, formatShape, formatShort } from '../ui';
import { BlockName } from './BlockName';
import styles from './Inspector.module.css';
import formStyles from './ParamForm.module.css';
import { ValueField } from './ValueField';

/** The block that the canvas is in, while nothing of it is selected: what it is called, what can be set from outside, what it costs. */
export function BlockSummary({ block }: { readonly block: string }) {
  const { t } = useText('blocks');
  const { t: words } = useText('inspector');
  const session = useSession();
  const perform = usePerform();
  const { portShapes } = useLevel();
  const document = useProject((state) => state.document);
  const { totals, nodes, outputs } = useProject((state) => state.analysis);
  const copies = copiesInNetwork(levelsOf(session)[0]?.document ?? document, block);
  const params = findBlock(document, block)?.params ?? {};
  const given = outputs.map((id) => nodes.get(id)?.outputShape);
  const shapesText = (shapes: readonly (Parameters<typeof formatShape>[0] | null | undefined)[]): string =>
    shapes.map((shape) => (shape == null ? '?' : formatShape(shape))).join(', ');
  return (
    <>
      <header className={styles['header']}>
        <h2 className={styles['title']}>{block}</h2>
        <p className={styles['muted']}>{copies === 1 ? t.oneCopy : fill(t.copies, { count: copies })}</p>
      </header>
      <section className={formStyles['form']} aria-label={t.paramsOfBlock}>
        <BlockName block={block} />
        <h3 className={styles['muted']}>{t.paramsOfBlock}</h3>
        {Object.entries(params).map(([param, value]) => (
          <DefaultField key={param} block={block} param={param} value={value} document={document} />
        ))}
        {Object.keys(params).length === 0 ? <p className={styles['muted']}>{t.noParams}</p> : null}
      </section>
      <FigureList
        rows={[
          [words.input, shapesText(portShapes)],
          [words.output, shapesText(given)],
          [words.allParameters, formatCount(totals.params)],
          [words.macs, formatShort(totals.macs)],
        ]}
      />
      <div className={styles['actions']}>
        <Button onClick={() => perform(actionOf('leaveBlock'))}>{t.leaveBlock}</Button>
      </div>
    </>
  );
}

type DefaultFieldProps = {
  readonly block: string;
  readonly param: string;
  readonly value: Json;
  readonly document: NetworkDocument;
};

function DefaultField({ block, param, value, document }: DefaultFieldProps) {
  const session = useSession();
  const change = blockLabel('defaultLabel', { param });
  return (
    <ValueField
      label={param}
      value={value}
      isDefault
      change={change}
      set={(next, how) => {
        const definition = findBlock(document, block);
        if (definition === undefined) return;
        const params = { ...definition.params, [param]: next };
        const blocks = { ...document.blocks, [block]: { ...definition, params } };
        replaceWith(session, change, { ok: true, value: { ...document, blocks } }, how);
      }}
    />
  );
}
