import type { Exhibit } from './exhibit';
import { backwardExhibit } from './backward';
import { descentExhibit } from './descent';
import { featureMapsExhibit } from './featureMaps';
import { foldingExhibit } from './folding';
import { headsExhibit } from './heads';
import { labelsExhibit } from './labels';
import { masksExhibit } from './masks';
import { pixelsExhibit } from './pixels';
import { poolingExhibit } from './pooling';
import { restoredExhibit } from './restored';
import { scoreMapExhibit } from './scoreMap';
import { sharingExhibit } from './sharing';
import { sizesExhibit } from './sizes';
import { slopesExhibit } from './slopes';
import { stampingExhibit } from './stamping';
import { windowExhibit } from './window';

/** All exhibits, in the order of their lessons. */
export const exhibits: readonly Exhibit[] = [
  pixelsExhibit,
  sharingExhibit,
  windowExhibit,
  featureMapsExhibit,
  poolingExhibit,
  foldingExhibit,
  headsExhibit,
  descentExhibit,
  backwardExhibit,
  slopesExhibit,
  scoreMapExhibit,
  labelsExhibit,
  stampingExhibit,
  masksExhibit,
  sizesExhibit,
  restoredExhibit,
];

/** The exhibit with this id. */
export function findExhibit(id: string): Exhibit | undefined {
  return exhibits.find((exhibit) => exhibit.id === id);
}

/** What a lesson has to handle. */
export function exhibitsOf(lesson: string): readonly Exhibit[] {
  return exhibits.filter((exhibit) => exhibit.lesson === lesson);
}
