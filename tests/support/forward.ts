import { createAnswers } from '../../electron/trainer/answers';
import { createForward, type Forward } from '../../electron/host/forward';
import type { Answerer } from '../../electron/host/answerer';

/** Asks in this process what the app asks of a trainer. */
export function askHere(): Answerer['ask'] {
  const answers = createAnswers();
  // The name decides the type of the answer, as it does over the pipe.
  return ((name, question, signal) =>
    answers(name, question, (signal as AbortSignal | undefined) ?? new AbortController().signal)) as Answerer['ask'];
}

/** Runs networks in this process. */
export function forwardHere(ask: Answerer['ask'] = askHere()): Forward {
  return createForward({ ask });
}
