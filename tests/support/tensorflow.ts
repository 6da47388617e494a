import { describe } from 'vitest';
import { findInstalled, isInstalled } from '../../electron/engines/tensorflow/installed';

const build = findInstalled();

/** The TensorFlow build of this machine, if `convloom setup tensorflow` has been run on it. */
export const installedTensorflow = isInstalled(build) ? build : undefined;

/** `describe` where TensorFlow has been set up; elsewhere the tests are skipped, and the title says why. */
export function describeTensorflow(title: string, body: () => void): void {
  if (isInstalled(build)) describe(title, body);
  else describe.skip(`${title} (skipped: ${build.reason})`, body);
}
