import { errorText } from '../text';
import type { EventName, HostEvents } from './api';
import type { Channel } from './channel';
import { eventWindow } from './protocol';
import type { HostMessage } from './protocol';

/** What waits to be sent while the other side is behind. Nothing in it grows with how long that takes. */
export type Outbox = {
  /** Sends an answer, now or as soon as there is room; one that cannot be put into a message is replaced by one that says why. */
  answer(message: HostMessage, instead: (reason: string) => HostMessage): void;
  event<N extends EventName>(name: N, payload: HostEvents[N]): void;
  /** The client has heard so many more events. */
  heard(count: number): void;
  /** Answers that have not left yet. */
  readonly waitingAnswers: number;
  end(): void;
};

/** Beyond this many events that may not be dropped the client is given up: it reconnects, and catches up by `run.get`. */
const maxWaitingEvents = 10_000;

type Answer = { readonly message: HostMessage; readonly instead: (reason: string) => HostMessage };
type WaitingEvent = { readonly message: HostMessage; readonly replacedBy: string | null };

/** Names the event that a newer one of the same name makes worthless: a step of a run, or how far something is. Null for one that has to arrive. */
function replacementKey<N extends EventName>(name: N, payload: HostEvents[N]): string | null {
  if (name === 'run.reading' || name === 'run.validating' || name === 'run.measuring') return name;
  if (name === 'sweep.changed') return `sweep ${(payload as HostEvents['sweep.changed']).sweep.id}`;
  if (name !== 'run.event') return null;
  const { runId, event } = payload as HostEvents['run.event'];
  return event.type === 'step' ? runId : null;
}

/**
 * Sends a host's messages as fast as the other side takes them. While the channel is full answers wait in their order; while it
 * is full or {@link eventWindow} events are unheard, events wait, of the steps of a run only the newest. Without congestion
 * everything goes out at once and in order.
 */
export function createOutbox(channel: Channel): Outbox {
  const answers: Answer[] = [];
  let events: WaitingEvent[] = [];
  let unheard = 0;
  let isOpen = true;

  const isFull = (): boolean => channel.flow?.isFull() ?? false;
  const mayTell = (): boolean => unheard < eventWindow && !isFull();
  const sendEvent = (message: HostMessage): void => {
    unheard += 1;
    channel.send(message);
  };
  const sendAnswer = ({ message, instead }: Answer): void => {
    try {
      channel.send(message);
    } catch (error) {
      // A fault of one answer would end the host, with every run.
      channel.send(instead(errorText(error)));
    }
  };
  const flush = (): void => {
    while (isOpen && answers.length > 0 && !isFull()) {
      const next = answers.shift();
      if (next !== undefined) sendAnswer(next);
    }
    let sent = 0;
    for (; isOpen && answers.length === 0 && sent < events.length && mayTell(); sent++) {
      const next = events[sent];
      if (next !== undefined) sendEvent(next.message);
    }
    if (sent > 0) events = events.slice(sent);
  };
  channel.flow?.onRoom(flush);

  return {
    answer: (message, instead) => {
      if (!isOpen) return;
      if (answers.length === 0 && !isFull()) sendAnswer({ message, instead });
      else answers.push({ message, instead });
    },
    event: (name, payload) => {
      if (!isOpen) return;
      const message: HostMessage = { type: 'event', name, payload };
      if (events.length === 0 && answers.length === 0 && mayTell()) {
        sendEvent(message);
        return;
      }
      const replacedBy = replacementKey(name, payload);
      if (replacedBy !== null) events = events.filter((waiting) => waiting.replacedBy !== replacedBy);
      events.push({ message, replacedBy });
      if (events.length > maxWaitingEvents) channel.close();
    },
    heard: (count) => {
      unheard = Math.max(0, unheard - count);
      flush();
    },
    get waitingAnswers() {
      return answers.length;
    },
    end: () => {
      isOpen = false;
      answers.length = 0;
      events = [];
    },
  };
}
