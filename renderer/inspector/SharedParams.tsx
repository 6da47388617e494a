import { findNode } from '../../shared/analysis/blocks';
import type { Json, NetworkNode } from '../../shared/schema/document';
import { text } from '../../shared/text';
import { fill, useText } from '../i18n';
import { useProject, useSession } from '../session';
import styles from './ParamForm.module.css';
import { FieldControl } from './ParamControl';
import type { SharedGroup, SharedParam } from './sharedParams';
import { sharedParams } from './sharedParams';

type ControlProps = { readonly param: SharedParam; readonly nodes: readonly NetworkNode[] };

function SharedControl({ param: { name, field, value, isMixed, isDefault }, nodes }: ControlProps) {
  const session = useSession();
  const { t, pick } = useText('inspector');
  const { en, zh } = field.label;
  const change = text(`Set ${en.toLowerCase()} of ${nodes.length} layers`, `设置 ${nodes.length} 层的${zh}`);
  const edit = (params: { readonly [name: string]: Json }, unset: readonly string[], how: 'record' | 'merge'): void => {
    session.project.edit(
      change,
      nodes.map(({ id }) => ({ type: 'setParams', id, params, unset })),
      how,
    );
  };
  return (
    <FieldControl
      field={field}
      label={pick(field.label)}
      help={pick(field.doc)}
      value={value}
      {...(isMixed ? { mixed: t.mixed } : {})}
      isDefault={isDefault}
      message={undefined}
      change={change}
      set={(next, how) => edit({ [name]: next }, [], how)}
      reset={() => edit({}, [name], 'record')}
    />
  );
}

function Group({ group: { definition, nodes, params } }: { readonly group: SharedGroup }) {
  const { t, pick } = useText('inspector');
  const title =
    definition === null ? t.paramsOfAll : fill(t.paramsOfKind, { count: nodes.length, layer: pick(definition.label) });
  return (
    <form className={styles['form']} aria-label={title} onSubmit={(event) => event.preventDefault()}>
      <h3 className={styles['groupTitle']}>{title}</h3>
      {params.map((param) => (
        <SharedControl key={param.name} param={param} nodes={nodes} />
      ))}
    </form>
  );
}

/** The params that several selected nodes have together, changed in all of them in one step. */
export function SharedParams({ ids }: { readonly ids: readonly string[] }) {
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const chosen = new Set(ids);
  const nodes = document.nodes
    .filter(({ id }) => chosen.has(id))
    .map((node) => ({ node, definition: findNode(analysis, node.id)?.definition ?? null }));
  return sharedParams(nodes).map((group) => (
    // A control's draft is of these nodes and no others.
    <Group key={[group.definition?.kind ?? '', ...group.nodes.map(({ id }) => id)].join(' ')} group={group} />
  ));
}
