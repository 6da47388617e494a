import { findNode } from '../../shared/analysis/blocks';
import { networkTransforms, nodeTransforms } from '../../shared/transforms/offered';
import { layers } from '../../shared/layers';
import { namedVariants, titleOfChoice } from '../../shared/layers/names';
import { repeatTransforms } from '../../shared/transforms/repeats';
import type { Language } from '../../shared/text';
import { insertLayer } from '../canvas/actions';
import { nodeCaption, nodeTitle } from '../canvas/speech';
import { goToFrame } from '../canvas/framing';
import { goToNode, revealFrame } from '../canvas/view';
import { messages } from '../i18n';
import { focusOf } from '../session';
import { formatCount } from '../ui/numbers';
import { formatDifference } from '../ui/units';
import type { Action, ActionContext } from './action';
import { actions } from './index';
import { actionState } from './state';

/** An entry of the command palette: an action, a rewriting of the network that is at hand, or a node to go to. */
export type Command = {
  readonly id: string;
  readonly title: string;
  readonly group: 'file' | 'edit' | 'transform' | 'view' | 'insert' | 'learn' | 'goTo';
  /** As for the Kbd primitive. */
  readonly keys?: string;
  /** Further words that find it. */
  readonly keywords?: readonly string[];
  readonly hint?: string;
  readonly isEnabled?: boolean;
  /** Never chosen beforehand while anything else is. */
  readonly isDestructive?: boolean;
  /** Not listed while nothing has been typed. */
  readonly isFoundOnly?: boolean;
  readonly run: () => void;
};

/** The palette has one heading less than the help sheet: training is found under Edit, help under View. */
const groupOf = {
  file: 'file',
  edit: 'edit',
  run: 'edit',
  move: 'edit',
  view: 'view',
  learn: 'learn',
  help: 'view',
  insert: 'insert',
} as const satisfies Record<Action['group'], Command['group']>;

function actionCommands(context: ActionContext, language: Language): readonly Command[] {
  const state = actionState(context.session);
  return (
    actions
      // The palette itself is open already.
      .filter(({ isMotion, id }) => isMotion !== true && id !== 'commands')
      .map((action): Command => {
        const [keys] = action.shortcuts ?? [];
        return {
          id: action.id,
          group: groupOf[action.group],
          title: (action.title?.(state) ?? action.label)[language],
          isEnabled: action.applies(state),
          ...(keys === undefined ? {} : { keys }),
          ...(action.isDestructive === true ? { isDestructive: true } : {}),
          ...(action.help === undefined ? {} : { hint: action.help[language] }),
          ...(action.keywords === undefined ? {} : { keywords: action.keywords }),
          run: () => action.perform(context),
        };
      })
  );
}

/** The layers under names that imply params, as `relu` and `avgpool`: found by what is typed, and not listed without. */
function namedLayerCommands({ session }: ActionContext, language: Language): readonly Command[] {
  return layers.flatMap(namedVariants).map(({ choice, names }): Command => {
    const { definition, params } = choice;
    return {
      id: `insert.${definition.kind}.${names[0] ?? ''}`,
      group: 'insert',
      title: titleOfChoice(choice)[language],
      keywords: names,
      isFoundOnly: true,
      run: () => {
        insertLayer(session, definition.kind, params);
        const [added] = session.project.getState().selection;
        if (added !== undefined) goToNode(session, added);
      },
    };
  });
}

/** Rewriting the selected layer or the whole network. The hint counts the parameters before anything happens. */
function transformCommands({ session }: ActionContext, language: Language): readonly Command[] {
  const { document, analysis, selection } = session.project.getState();
  const [only] = selection;
  const offers = [
    ...(selection.size === 1 && only !== undefined ? nodeTransforms(document, analysis, only) : []),
    ...networkTransforms(document, analysis),
    ...repeatTransforms(document, analysis),
  ];
  return offers.map(({ id, plan }): Command => {
    const after = plan.after.totals.params;
    const difference = formatDifference(after - plan.before.totals.params);
    return {
      id: `transform.${id}`,
      group: 'transform',
      title: plan.title[language],
      hint: `${formatCount(after)} (${difference})`,
      keywords: [plan.title.en, plan.title.zh],
      run: () => void session.project.edit(plan.title, plan.edits),
    };
  });
}

function goToCommands({ session }: ActionContext, language: Language): readonly Command[] {
  const { document, analysis } = session.project.getState();
  return document.nodes.map((node) => {
    const own = findNode(analysis, node.id);
    return {
      id: `goTo.${node.id}`,
      group: 'goTo',
      title: nodeTitle(node, own)[language],
      hint: [node.id, nodeCaption(own)[language]].filter((part) => part !== '').join(', '),
      keywords: [node.id, node.kind],
      run: () => {
        session.project.select([node.id]);
        goToNode(session, node.id);
      },
    };
  });
}

/** Going to the frames that have a title. */
function frameCommands({ session }: ActionContext, language: Language): readonly Command[] {
  const { frames = [] } = session.project.getState().document;
  return frames
    .filter(({ title }) => title !== '')
    .map((frame) => ({
      id: `goToFrame.${frame.id}`,
      group: 'goTo',
      title: frame.title,
      hint: messages('frames', language).frame,
      run: () => {
        revealFrame(session, frame);
        goToFrame(session, frame.id);
      },
    }));
}

/** All commands as things stand, for the command palette. */
export function allCommands(window: ActionContext, language: Language): readonly Command[] {
  const context = { ...window, session: focusOf(window.session) };
  return [
    ...actionCommands(context, language),
    ...namedLayerCommands(context, language),
    ...transformCommands(context, language),
    ...goToCommands(context, language),
    ...frameCommands(context, language),
  ];
}
