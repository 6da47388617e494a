import type { GeneratedFile } from '../files';
import type { PlacedWeight } from './weightTable';

/** A printed project, and under which name and in which order of axes its file of weights has each. */
export type PythonProject = { readonly files: readonly GeneratedFile[]; readonly weights: readonly PlacedWeight[] };
