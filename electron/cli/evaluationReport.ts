import { PNG } from 'pngjs';
import { success, type Result } from '../../shared/diagnostics/diagnostic';
import { printEvaluationPage, reportedSamples } from '../../shared/exports/evaluationPage';
import type { Evaluation, HostRequests } from '../../shared/host/api';
import type { Pixels } from '../../shared/ops/pixels';
import type { Answers } from '../../shared/training/answers';
import type { Host } from '../host';

type Asked = Omit<HostRequests['model.samples'][0], 'samples'>;

function pngOf({ width, height, rgba }: Pixels): string {
  const png = new PNG({ width, height });
  png.data.set(rgba);
  return PNG.sync.write(png).toString('base64');
}

/** The report on an evaluation as one HTML file, with the pictures of the worst mistakes inside. */
export async function evaluationReport(
  evaluation: Evaluation & { readonly answers: Answers },
  asked: Asked,
  host: Host,
): Promise<Result<string>> {
  const { answers } = evaluation;
  const shown = await host.request('model.samples', { ...asked, samples: reportedSamples(answers) });
  if (!shown.ok) return shown;
  const model = await host.request('model.info', { model: asked.model });
  if (!model.ok) return model;
  const { name } = model.value.document;
  return success(printEvaluationPage({ name, evaluation, answers, shown: shown.value, encode: pngOf }, 'en'));
}
