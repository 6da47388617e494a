import { Link2, Unlink2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { bindingOf, boundValue, findBlock, readBinding } from '../../shared/document/blocks';
import { bindParam, unbindParam } from '../../shared/editing/blocks/bind';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { success } from '../../shared/diagnostics/diagnostic';
import type { ParamField } from '../../shared/layers/define';
import type { BlockDefinition, NetworkNode } from '../../shared/schema/document';
import { blockLabel, replaceWith } from '../canvas/blocks';
import { fill, useText } from '../i18n';
import { useLevel, useProject, useSession } from '../session';
import { Button, IconButton, TextInput } from '../ui';
import styles from './BoundParam.module.css';
import { valueText } from './ValueField';

type BoundParamProps = {
  readonly node: NetworkNode;
  readonly name: string;
  readonly field: ParamField;
  /** The control of the param itself. */
  readonly children: ReactNode;
};

/** A param's control; inside of a block with the way to have it follow a param of the block, and back. */
export function BoundParam(props: BoundParamProps) {
  const { block } = useLevel();
  return block === null ? props.children : <Bindable {...props} block={block} />;
}

/** Edits the definition that the canvas is in. */
function useDefinition(block: string) {
  const session = useSession();
  const document = useProject((state) => state.document);
  const { nodes, edges } = document;
  const definition: BlockDefinition = { params: findBlock(document, block)?.params ?? {}, nodes, edges };
  const change = (label: Parameters<typeof replaceWith>[1], made: Result<BlockDefinition>): boolean =>
    replaceWith(
      session,
      label,
      made.ok
        ? success({ ...document, nodes: made.value.nodes, blocks: { ...document.blocks, [block]: made.value } })
        : made,
    );
  return { definition, change };
}

function Bindable({ node, name, field, block, children }: BoundParamProps & { readonly block: string }) {
  const { t, pick } = useText('blocks');
  const { params } = useLevel();
  const { definition, change } = useDefinition(block);
  const [isAsking, setAsking] = useState(false);
  const raw = bindingOf(node.params[name]);
  const binding = raw === undefined ? null : readBinding(raw);
  const fallback = 'default' in field ? field.default : undefined;
  const value = node.params[name] ?? fallback;
  const names = { param: pick(field.label), node: node.label ?? node.id };
  if (binding !== null) {
    const { param, times = 1 } = binding;
    const label = pick(field.label);
    return (
      <div className={styles['bound']}>
        <span className={styles['text']}>
          {times === 1 ? fill(t.bound, { label, param }) : fill(t.boundTimes, { label, param, times })}{' '}
          <code>{valueText(boundValue(binding, params))}</code>
        </span>
        <IconButton
          size="sm"
          label={`${t.unbind}: ${label}`}
          icon={<Unlink2 size={14} />}
          onClick={() => change(blockLabel('unbindLabel', names), unbindParam(definition, node.id, name, params))}
        />
      </div>
    );
  }
  if (value === undefined) return children;
  return (
    <div className={styles['bindable']}>
      <div className={styles['control']}>{children}</div>
      <IconButton
        size="sm"
        label={`${t.bind}: ${pick(field.label)}`}
        icon={<Link2 size={14} />}
        onClick={() => setAsking(!isAsking)}
      />
      {isAsking ? (
        <NameForm
          first={name}
          known={Object.keys(definition.params)}
          onCancel={() => setAsking(false)}
          onName={(as) => {
            const made = bindParam(definition, { nodeId: node.id, param: name, value, name: as });
            if (change(blockLabel('bindLabel', names), made)) setAsking(false);
          }}
        />
      ) : null}
    </div>
  );
}

type NameFormProps = {
  readonly first: string;
  readonly known: readonly string[];
  readonly onName: (name: string) => void;
  readonly onCancel: () => void;
};

/** Asks for a new name, or for one that the block has already: then the value becomes a multiple of it. */
function NameForm({ first, known, onName, onCancel }: NameFormProps) {
  const { t } = useText('blocks');
  const [name, setName] = useState(first);
  return (
    <div className={styles['ask']} role="group" aria-label={t.bindTitle}>
      <TextInput
        size="sm"
        aria-label={t.bindAs}
        value={name}
        list="params-of-block"
        autoFocus
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onName(name.trim());
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onCancel();
        }}
      />
      <datalist id="params-of-block">
        {known.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <Button size="sm" onClick={() => onName(name.trim())}>
        {t.bindDo}
      </Button>
      <Button size="sm" onClick={onCancel}>
        {t.cancel}
      </Button>
    </div>
  );
}
