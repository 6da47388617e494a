import { findInstalled, isInstalled } from '../../electron/engines/tensorflow/installed';
import { describeUnless } from './skip';

const build = findInstalled();

/** The TensorFlow build of this machine, if `convloom setup tensorflow` has been run on it. */
export const installedTensorflow = isInstalled(build) ? build : undefined;

/** `describe` where TensorFlow has been set up; elsewhere the tests are skipped, and the title says why. */
export function describeTensorflow(title: string, body: () => void): void {
  describeUnless(isInstalled(build) ? null : `TensorFlow is not here: ${build.reason}`, title, body);
}
