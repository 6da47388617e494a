import { createTfjsEngine } from '../../../../electron/engines/tfjs';
import { describeEngine } from '../../../support/describeEngine';
import { isWhole } from '../../../support/isWhole';

describeEngine('tfjs engine on wasm', () => createTfjsEngine({ backends: ['wasm'] }));
// The backend that is left where WebAssembly cannot run: slow, and not what anybody trains on.
if (isWhole) describeEngine('tfjs engine on plain JavaScript', () => createTfjsEngine({ backends: ['cpu'] }));
