import { success, type Result } from '../../shared/diagnostics/diagnostic';
import { printEvaluationPage, reportedSamples } from '../../shared/exports/evaluationPage';
import type { Evaluation, HostRequests } from '../../shared/host/api';
import type { Pixels } from '../../shared/ops/pixels';
import type { Answers } from '../../shared/training/answers';
import type { Host } from '../host';
import { pngOf } from '../files/png';

type Asked = Omit<HostRequests['model.samples'][0], 'samples'>;

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
  const encode = (pixels: Pixels): string => pngOf(pixels).toString('base64');
  return success(printEvaluationPage({ name, evaluation, answers, shown: shown.value, encode }, 'en'));
}
