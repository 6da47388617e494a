import { createTensorflowEngine } from '../../../../electron/engines/tensorflow';
import { describeEngine } from '../../../support/describeEngine';
import { describeTensorflow } from '../../../support/tensorflow';

describeTensorflow('the TensorFlow engine', () => {
  describeEngine('agrees with the reference', createTensorflowEngine);
});
