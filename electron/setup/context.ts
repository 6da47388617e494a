import type { Text } from '../../shared/text';
import type { TensorflowVariant } from '../engines/tensorflow/installed';
import type { Environment } from '../files/paths';

/** One piece of news from the set-up. `fraction` (0 to 1) is of this step, where it can be known. */
export type SetupProgress = {
  readonly step: 'find' | 'download' | 'unpack' | 'package' | 'compile' | 'verify' | 'done';
  readonly message: Text;
  readonly fraction?: number;
};

export type Report = (progress: SetupProgress) => void;

/** Where files are fetched from: the public services, or a mirror of them. */
export type Endpoints = { readonly pypi: string; readonly cLibrary: string };

export const publicEndpoints: Endpoints = {
  pypi: 'https://pypi.org',
  cLibrary: 'https://storage.googleapis.com/tensorflow',
};

/** What every step of a set-up works with. */
export type SetupContext = {
  readonly variant: TensorflowVariant;
  readonly environment: Environment;
  readonly endpoints: Endpoints;
  /** The cache: finished builds lie in it. */
  readonly root: string;
  /** Kept from one try to the next, and removed after success. */
  readonly downloads: string;
  /** The build under construction. */
  readonly staging: string;
  readonly signal: AbortSignal | undefined;
  readonly report: Report;
};

/** A TensorFlow on this disk, ready to be unpacked or linked. */
export type LocatedTensorflow =
  | { readonly kind: 'wheel'; readonly path: string; readonly source: string; readonly folder: string | null }
  | { readonly kind: 'archive'; readonly path: string; readonly source: string; readonly folder: null }
  | {
      readonly kind: 'folder';
      readonly libraries: readonly [string, string];
      readonly include: string;
      readonly source: string;
      readonly folder: string;
    };
