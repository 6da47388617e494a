import type { NodeAnalysis } from '../../shared/analysis/types';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { NetworkNode } from '../../shared/schema/document';
import { useText } from '../i18n';
import { BoundParam } from './BoundParam';
import { VaryMenu } from './VaryMenu';
import { ParamControl } from './ParamControl';
import styles from './ParamForm.module.css';

type ParamFormProps = {
  readonly node: NetworkNode;
  readonly analysis: NodeAnalysis;
  readonly diagnostics: readonly Diagnostic[];
};

/** The form of a layer: one control per param of its definition, in its order. */
export function ParamForm({ node, analysis, diagnostics }: ParamFormProps) {
  const { t } = useText('inspector');
  const { definition } = analysis;
  if (definition === null) return null;
  const shown = { ...node.params, ...analysis.params };
  const fields = Object.entries(definition.params).filter(([, field]) => field.visible?.(shown) ?? true);
  if (fields.length === 0) return <p className={styles['none']}>{t.noParams}</p>;
  return (
    <form className={styles['form']} aria-label={t.params} onSubmit={(event) => event.preventDefault()}>
      {fields.map(([name, field]) => (
        <BoundParam key={`${node.id} ${name}`} node={node} name={name} field={field}>
          <ParamControl node={node} name={name} field={field} diagnostics={diagnostics} />
        </BoundParam>
      ))}
      <VaryMenu node={node} />
    </form>
  );
}
