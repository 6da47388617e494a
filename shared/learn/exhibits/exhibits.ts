import type { Exhibit } from './exhibit';
import { backwardExhibit } from './backward';
import { featureMapsExhibit } from './featureMaps';
import { headsExhibit } from './heads';
import { poolingExhibit } from './pooling';
import { scoreMapExhibit } from './scoreMap';
import { windowExhibit } from './window';

/** All exhibits, in the order of their lessons. */
export const exhibits: readonly Exhibit[] = [
  windowExhibit,
  featureMapsExhibit,
  poolingExhibit,
  headsExhibit,
  backwardExhibit,
  scoreMapExhibit,
];

/** The exhibit with this id. */
export function findExhibit(id: string): Exhibit | undefined {
  return exhibits.find((exhibit) => exhibit.id === id);
}

/** What a lesson has to handle. */
export function exhibitsOf(lesson: string): readonly Exhibit[] {
  return exhibits.filter((exhibit) => exhibit.lesson === lesson);
}
