import { expect, it } from 'vitest';
import { halved } from '../../electron/data/restored';
import { openDigits } from '../../electron/data/digits';
import { psnrOf } from '../../shared/training/psnr';
import { readTemplate } from '../support/templatePrograms';
import { trainedEvents } from '../support/trainedRun';

/** The PSNR of the validation digits where each pixel of the small ones is written four times. */
async function nearestPsnr(): Promise<number> {
  const digits = await openDigits();
  if (!digits.ok) throw new Error(digits.diagnostics[0]?.summary.en);
  const { inputs: small } = halved(digits.value.validation);
  const large = digits.value.validation.inputs;
  let sum = 0;
  for (let at = 0; at < large.length; at++) {
    const [row, column] = [Math.floor(at / 28), at % 28];
    const near = small[(row >> 1) * 14 + (column >> 1)] ?? 0;
    sum += ((near - (large[at] ?? 0)) / 255) ** 2;
  }
  return psnrOf(sum / large.length);
}

it.each([1, 2])(
  'ESPCN makes better large digits than resizing does, by more than 4 dB, trained with seed %i',
  async (seed) => {
    const events = await trainedEvents(readTemplate('espcn'), seed);
    const started = events.find((event) => event.type === 'started');
    const last = events.findLast((event) => event.type === 'epoch');
    const [bilinear, nearest] = [started!.baseline.psnr!, await nearestPsnr()];
    const found = JSON.stringify({ network: last!.valPsnr, bilinear, nearest });
    expect(last!.valPsnr! - Math.max(bilinear, nearest), found).toBeGreaterThan(4);
  },
  300_000,
);
