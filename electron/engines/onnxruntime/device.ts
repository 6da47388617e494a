import type { Environment } from '../../files/paths';
import type { PassedOver } from '../engine';
import { readGraphicsCards } from './graphicsCards';
import { processorName } from './library';
import type { Provider } from './onnxGraph';
import { chosenAgainst, explainVerdict, noCard, notChecked, readVerdict, verdictKey, verdictPath } from './verdict';

/** What sessions run on: the device in words, and why not on the better one. */
export type Device = {
  readonly provider: Provider;
  readonly name: string;
  readonly passedOver: PassedOver | null;
};

/** The user's word, which no verdict overrules: `CONVLOOM_ONNXRUNTIME` as `cpu` or `webgpu`. */
export function askedProvider(environment: Environment): Provider | null {
  const asked = environment['CONVLOOM_ONNXRUNTIME'];
  return asked === 'cpu' || asked === 'webgpu' ? asked : null;
}

function cpu(passedOver: PassedOver | null): Device {
  return { provider: 'cpu', name: processorName(), passedOver };
}

/** WebGPU where a check on this machine has spoken for it, else the CPU. Cheap: it reads what is known and tries nothing. */
export async function chooseDevice(environment: Environment = process.env): Promise<Device> {
  const asked = askedProvider(environment);
  if (asked === 'cpu') return cpu(chosenAgainst);
  const cards = await readGraphicsCards();
  // With several cards the driver picks the faster one and does not say which.
  const card = cards.names.join(' or ');
  if (asked === 'webgpu') {
    return { provider: 'webgpu', name: `WebGPU (${card === '' ? 'unknown adapter' : card})`, passedOver: null };
  }
  if (cards.names.length === 0) return cpu(noCard);
  const verdict = readVerdict(verdictKey(cards), verdictPath(environment));
  const against = verdict === null ? notChecked(card) : explainVerdict(verdict, card, process.platform);
  return against === null ? { provider: 'webgpu', name: `${card} (WebGPU)`, passedOver: null } : cpu(against);
}
