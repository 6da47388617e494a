import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { Evaluation, HostRequests } from '../../shared/host/api';
import type { Answers } from '../../shared/training/answers';
import { sessionPart, useSession } from '../session';
import { askPatiently } from '../ui/askPatiently';

/** What is scored: a model, on which data and which part of them. */
export type Asked = Omit<HostRequests['model.samples'][0], 'samples'>;

/** A cell of the matrix. */
export type Cell = { readonly truth: number; readonly given: number };

export type Scored = {
  readonly asked: Asked;
  readonly evaluation: Evaluation;
  readonly answers: Answers;
  /** What the other outputs of the network are worth on the same samples; null where one does not answer what the data ask. */
  readonly others: readonly { readonly output: string; readonly evaluation: Evaluation | null }[];
};

type State = {
  readonly isBusy: boolean;
  readonly scored: Scored | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The cell whose samples are shown; null: the worst mistakes. */
  readonly cell: Cell | null;
};

const nothing: State = { isBusy: false, scored: null, diagnostics: [], cell: null };

const states = sessionPart(() => createStore<State>(() => nothing));

/** What was scored last in this component's session, and what scores anew. */
export function useScored(): State & {
  /** `others` are outputs that are scored beside the one that is asked for. */
  readonly score: (asked: Asked, words: string, others: readonly string[]) => Promise<void>;
  readonly choose: (cell: Cell | null) => void;
} {
  const store = states(useSession());
  const state = useStore(store);
  return {
    ...state,
    choose: (cell) => store.setState({ cell }),
    score: async (asked, words, outputs) => {
      store.setState({ isBusy: true, diagnostics: [] });
      const others: Scored['others'][number][] = [];
      // Before the one that is shown: what was scored last is kept open for its samples.
      for (const output of outputs) {
        const one = await askPatiently(words, 'model.evaluate', { ...asked, output, engine: 'auto' });
        others.push({ output, evaluation: one?.ok === true ? one.value : null });
      }
      const answer = await askPatiently(words, 'model.evaluate', { ...asked, engine: 'auto', answers: true });
      const evaluation = answer?.ok === true ? answer.value : undefined;
      const answers = evaluation?.answers;
      store.setState({
        isBusy: false,
        diagnostics: answer?.ok === false ? answer.diagnostics : [],
        ...(evaluation === undefined || answers === undefined
          ? {}
          : { cell: null, scored: { asked, evaluation, answers, others } }),
      });
    },
  };
}
