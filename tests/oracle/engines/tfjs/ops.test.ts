import { createTfjsEngine } from '../../../../electron/engines/tfjs';
import { describeEngine } from '../../../support/describeEngine';

describeEngine('tfjs engine on wasm', () => createTfjsEngine({ backends: ['wasm'] }));
describeEngine('tfjs engine on plain JavaScript', () => createTfjsEngine({ backends: ['cpu'] }));
