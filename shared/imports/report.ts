import type { Text } from '../text';

/** What became of one part of an imported file: as it was, in another form, kept but not understood, or left out. */
export type ImportLine = {
  /** Its name in the file; a weight of the network that the file does not have, by the network's own name. */
  readonly source: string;
  readonly nodeId: string | null;
  readonly status: 'same' | 'changed' | 'opaque' | 'left';
  readonly why: Text | null;
  /** What the file declares of it is not what it comes to. */
  readonly isFinding?: true;
};
