/**
 * Runs inside the measured page, before anything else there, and takes every time by the page's own clock: what the benchmark's
 * driver outside needs for a round trip is never part of a figure. The driver speaks to it through `window.convloomProbe`.
 */

/** What has to be in the page: so many elements (1 unless said) that match the selector and hold the text. */
type Condition = { readonly selector: string; readonly text?: string; readonly count?: number };

type Probe = {
  /** Settles with the time since navigation at which the frame that shows `condition` had been painted. */
  shownAt(condition: Condition): Promise<number>;
  /** Waits for the next event of a type; {@link Probe.taken} then gives how long it took until each condition was painted. */
  time(eventType: string, conditions: readonly Condition[]): void;
  /** Milliseconds from the event that {@link Probe.time} waited for, one per condition. */
  taken(): Promise<readonly number[]>;
  /** Notes the time of every frame until {@link Probe.stopFrames} gives the milliseconds between them. */
  startFrames(): void;
  stopFrames(): readonly number[];
  /** Milliseconds from navigation to the first paint of any content; null before it. */
  firstPaint(): number | null;
};

declare global {
  // Declaration merging is the only way to type a global, and it wants an interface.
  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions
  interface Window {
    convloomProbe: Probe;
  }
}

function holds({ selector, text, count = 1 }: Condition): boolean {
  const found = document.querySelectorAll(selector);
  if (text === undefined) return found.length >= count;
  let matching = 0;
  for (const element of found) if (element.textContent.includes(text)) matching += 1;
  return matching >= count;
}

/** Settles after the frame that is painted next: a message posted in an animation frame arrives behind that frame's paint. */
function painted(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve(performance.now());
      };
      port2.postMessage(null);
    });
  });
}

function shownAt(condition: Condition): Promise<number> {
  if (holds(condition)) return painted();
  return new Promise((resolve) => {
    // Looked at when the page has changed, not at every frame: looking at nothing new would cost the frames that are measured.
    const observer = new MutationObserver(() => {
      if (!holds(condition)) return;
      observer.disconnect();
      resolve(painted());
    });
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

let taken: Promise<readonly number[]> = Promise.resolve([]);

function time(eventType: string, conditions: readonly Condition[]): void {
  taken = new Promise((resolve) => {
    window.addEventListener(
      eventType,
      ({ timeStamp }) => {
        // The page has not answered yet: what already holds now would be counted as shown by the event.
        const all = Promise.all(conditions.map(async (condition) => (await shownAt(condition)) - timeStamp));
        resolve(all);
      },
      { capture: true, once: true },
    );
  });
}

let frameTimes: number[] = [];
let frameRequest: number | null = null;

function noteFrame(timestamp: number): void {
  frameTimes.push(timestamp);
  frameRequest = requestAnimationFrame(noteFrame);
}

window.convloomProbe = {
  shownAt,
  time,
  taken: () => taken,
  startFrames() {
    if (frameRequest !== null) cancelAnimationFrame(frameRequest);
    frameTimes = [];
    frameRequest = requestAnimationFrame(noteFrame);
  },
  stopFrames() {
    if (frameRequest !== null) cancelAnimationFrame(frameRequest);
    frameRequest = null;
    return frameTimes.slice(1).map((timestamp, index) => timestamp - (frameTimes[index] ?? timestamp));
  },
  firstPaint: () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
};
