import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { InspectedSamples } from '../../shared/host/api';
import { sessionPart, useSession } from '../session';

/** The picture that is looked at: one of the data, or a drawn one with what it is meant to be. */
export type Sample = {
  readonly source: 'data' | 'drawn';
  readonly part: 'train' | 'validation';
  readonly index: number;
  /** 0 to 255; null until something was drawn. */
  readonly pixels: Uint8Array | null;
  readonly label: number | null;
};

export const firstSample: Sample = { source: 'data', part: 'validation', index: 0, pixels: null, label: null };

const samples = sessionPart(() => createStore<Sample>(() => firstSample));

/** The picture of this component's session, and how to change it. */
export function useSample(): readonly [Sample, (change: Partial<Sample>) => void] {
  const store = samples(useSession());
  return [useStore(store), (change) => store.setState(change)];
}

/** A sample as the host is asked for it; null while nothing is drawn. */
export function samplesOf({ source, part, index, pixels, label }: Sample, spec: string): InspectedSamples | null {
  if (source === 'data') return { from: 'data', spec, part, indices: [index] };
  if (pixels === null) return null;
  return { from: 'picture', input: { pixels }, ...(label === null ? {} : { label }) };
}
