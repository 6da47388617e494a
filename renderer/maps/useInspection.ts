import { useEffect, useMemo, useRef, useState } from 'react';
import { create } from 'zustand';
import type { Diagnostic } from '../../shared/diagnostics/diagnostic';
import type { InspectRequest, Inspection } from '../../shared/host/api';
import { defaultTrainingConfig } from '../../shared/schema/training';
import { useClassWords } from '../i18n';
import { useReadyHost } from '../store';

/** What a look found. The last one stays while the next is on its way. */
export type Looked = {
  readonly value: Inspection | null;
  readonly isWaiting: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Whose weights it computed with; 'misfit': fresh ones, since those of the model do not fit. */
  readonly weights: 'trained' | 'fresh' | 'misfit';
};

const numbers = new WeakMap<object, number>();
let last = 0;

/** A number for an object, so that a question with a large document or many pixels has a short key. */
function numberOf(value: object): number {
  const known = numbers.get(value) ?? (last += 1);
  numbers.set(value, known);
  return known;
}

function keyOf(request: InspectRequest | null): string {
  return JSON.stringify(request, (name, value: unknown) =>
    value !== null && typeof value === 'object' && (name === 'document' || ArrayBuffer.isView(value))
      ? `#${numberOf(value)}`
      : value,
  );
}

/** The model is gone, or is not this network's any more. */
export const unusable: ReadonlySet<string> = new Set([
  'inspect/weights-do-not-fit',
  'run/not-found',
  'model/not-found',
]);

const nothing: Looked = { value: null, isWaiting: false, diagnostics: [], weights: 'fresh' };

type Found = Omit<Looked, 'isWaiting'> & { readonly key: string };

/** How many looks are on their way, in the whole window. */
const useLooks = create<{ readonly count: number }>(() => ({ count: 0 }));

function beginLook(): () => void {
  let isOver = false;
  const change = (by: 1 | -1): void => useLooks.setState(({ count }) => ({ count: count + by }));
  change(1);
  return () => {
    if (!isOver) change(-1);
    isOver = true;
  };
}

/** Whether the engine is asked for something that is not there yet. */
export function useIsLooking(): boolean {
  return useLooks(({ count }) => count > 0);
}

/** Looks into a network, and again when the question changes; null asks nothing. Classes are called as the chosen language has them. */
export function useInspection(request: InspectRequest | null): Looked {
  const host = useReadyHost();
  const [found, setFound] = useState<Found>({ ...nothing, key: '' });
  const turn = useRef<Promise<void>>(Promise.resolve());
  const key = keyOf(request);
  useEffect(() => {
    if (host === null || request === null) return undefined;
    // Not given to the host: to give work up there costs the engine.
    const giving = new AbortController();
    const isGivenUp = (): boolean => giving.signal.aborted;
    const look = async (): Promise<void> => {
      if (isGivenUp()) return;
      let weights: Looked['weights'] = request.model === null ? 'fresh' : 'trained';
      let answer = await host.request('model.inspect', request);
      if (!answer.ok && weights === 'trained' && answer.diagnostics.some(({ code }) => unusable.has(code))) {
        weights = 'misfit';
        answer = await host.request('model.inspect', { ...request, model: null });
      }
      if (isGivenUp()) return;
      setFound(
        answer.ok
          ? { key, value: answer.value, diagnostics: [], weights }
          : { key, value: null, diagnostics: answer.diagnostics, weights },
      );
    };
    // One at a time: what is asked no more before its turn is not asked at all.
    const endLook = beginLook();
    turn.current = turn.current.then(look, look).finally(endLook);
    return () => {
      giving.abort();
      endLook();
    };
    // `key` stands for `request`: a new object with the same content is the same question.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [host, key]);
  const classWords = useClassWords(request?.document.train?.data ?? defaultTrainingConfig.data);
  const value = useMemo(
    () => (found.value === null ? null : { ...found.value, classes: classWords(found.value.classes) }),
    [found.value, classWords],
  );
  return request === null ? nothing : { ...found, value, isWaiting: found.key !== key };
}
