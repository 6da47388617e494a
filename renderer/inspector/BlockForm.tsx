import { LogIn } from 'lucide-react';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import { copiesInNetwork } from '../../shared/analysis/inside';
import { bindingOf, blockNamed, findBlock, isBlockNode } from '../../shared/document/blocks';
import { keptBlock, makeBlockUnique, usesOf } from '../../shared/editing/blocks/definitions';
import type { BlockDefinition, Json, NetworkNode } from '../../shared/schema/document';
import { actionOf, usePerform } from '../actions';
import { blockLabel, enterNode, replaceWith } from '../canvas/blocks';
import { titleById } from '../canvas/speech';
import { fill, useText } from '../i18n';
import { levelsOf, useProject, useSession } from '../session';
import { keepInLibrary } from '../palette/libraryStore';
import { Button, notify } from '../ui';
import { BlockName } from './BlockName';
import styles from './Inspector.module.css';
import formStyles from './ParamForm.module.css';
import { ValueField, valueText } from './ValueField';

type BlockFormProps = { readonly node: NetworkNode; readonly diagnostics: readonly Diagnostic[] };

/** The form of a node that uses a block; nothing for a layer. */
export function BlockForm({ node, diagnostics }: BlockFormProps) {
  const document = useProject((state) => state.document);
  const block = isBlockNode(node) ? blockNamed(node) : null;
  const definition = findBlock(document, block);
  if (block === null || definition === undefined) return null;
  return <Form node={node} block={block} definition={definition} diagnostics={diagnostics} />;
}

type FormProps = BlockFormProps & { readonly block: string; readonly definition: BlockDefinition };

function Form({ node, block, definition, diagnostics }: FormProps) {
  const { t, language } = useText('blocks');
  const { t: words } = useText('inspector');
  const session = useSession();
  const perform = usePerform();
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const whole = levelsOf(session)[0]?.document ?? document;
  const copies = copiesInNetwork(whole, block);
  const name = titleById(document, analysis, node.id);
  const keep = (): void => {
    void keepInLibrary(keptBlock(document, block)).then((isKept) => {
      if (isKept) notify(fill(t.kept, { block }), 'success');
    });
  };
  const messageOf = (param: string): string | undefined =>
    diagnostics.find(({ at }) => at.param === param)?.summary[language];
  return (
    <>
      <section className={formStyles['form']} aria-label={words.params}>
        <BlockName key={block} block={block} />
        <p className={styles['muted']}>{copies === 1 ? t.oneCopy : fill(t.copies, { count: copies })}</p>
        <UseField
          node={node}
          param="repeat"
          label={t.repeat}
          fallback={1}
          change={blockLabel('repeatLabel', { node: name })}
          refuse={(value) =>
            typeof value === 'number' && Number.isInteger(value) && value >= 1 ? null : words.reason_integer
          }
          problem={messageOf('repeat')}
        />
        {Object.entries(definition.params).map(([param, fallback]) => (
          <UseField
            key={param}
            node={node}
            param={param}
            label={param}
            fallback={fallback}
            change={blockLabel('paramLabel', { param, node: name })}
            problem={messageOf(param)}
          />
        ))}
      </section>
      <div className={styles['actions']}>
        <Button icon={<LogIn size={14} aria-hidden />} onClick={() => enterNode(session, node.id)}>
          {t.enter}
        </Button>
        {usesOf(whole, block) > 1 ? (
          <Button
            title={t.uniqueHelp}
            onClick={() =>
              replaceWith(session, blockLabel('uniqueLabel', { node: name }), makeBlockUnique(document, node.id))
            }
          >
            {t.unique}
          </Button>
        ) : null}
        <Button onClick={() => perform(actionOf('ungroup'))}>{t.ungroup}</Button>
        <Button onClick={keep}>{t.keep}</Button>
      </div>
    </>
  );
}

type UseFieldProps = {
  readonly node: NetworkNode;
  readonly param: string;
  readonly label: string;
  readonly fallback: Json;
  readonly change: ReturnType<typeof blockLabel>;
  readonly refuse?: (value: Json) => string | null;
  readonly problem: string | undefined;
};

/** What one use of a block gives to a param of it. */
function UseField({ node, param, label, fallback, change, refuse, problem }: UseFieldProps) {
  const { t } = useText('blocks');
  const { project } = useSession();
  const own = node.params[param];
  const binding = bindingOf(own);
  return (
    <ValueField
      label={label}
      help={fill(t.defaultIs, { value: valueText(fallback) })}
      value={own ?? fallback}
      fallback={fallback}
      isDefault={own === undefined}
      change={change}
      {...(refuse === undefined || binding !== undefined ? {} : { refuse })}
      set={(value, how) => {
        project.edit(change, [{ type: 'setParams', id: node.id, params: { [param]: value } }], how);
      }}
      reset={() => {
        project.edit(change, [{ type: 'setParams', id: node.id, params: {}, unset: [param] }]);
      }}
      problem={problem}
    />
  );
}
