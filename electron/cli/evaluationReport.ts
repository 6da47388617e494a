import { PNG } from 'pngjs';
import { success, type Result } from '../../shared/diagnostics/diagnostic';
import { printEvaluationPage, worstShown } from '../../shared/exports/evaluationPage';
import type { Evaluation, HostRequests } from '../../shared/host/api';
import { samplePictures, type Pixels } from '../../shared/ops/pixels';
import type { Answers } from '../../shared/training/answers';
import { worstSamples } from '../../shared/training/confusion';
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
  const worst = worstSamples(answers, worstShown);
  const shown = await host.request('model.samples', { ...asked, samples: worst });
  if (!shown.ok) return shown;
  const model = await host.request('model.info', { model: asked.model });
  if (!model.ok) return model;
  const page = printEvaluationPage(
    {
      name: model.value.document.name,
      evaluation,
      answers,
      pictures: new Map(
        worst.map((sample, row) => [
          sample,
          samplePictures(shown.value, row, answers.classes.length).map(({ of, pixels }) => ({
            of,
            png: pngOf(pixels),
          })),
        ]),
      ),
      nameOf: (sample) => shown.value.names[worst.indexOf(sample)] || `${sample + 1}`,
    },
    'en',
  );
  return success(page);
}
