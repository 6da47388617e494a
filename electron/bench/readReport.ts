import { badResults } from '../../shared/diagnostics/catalog/commandLine';
import { failure, success } from '../../shared/diagnostics/diagnostic';
import type { Result } from '../../shared/diagnostics/diagnostic';
import { accuracyCharts, benchCharts, uiCharts } from './charts';
import { printChartPage } from './page';
import { accuracyReportSchema, benchReportSchema } from './report';
import { uiReportSchema } from './ui/report';

/**
 * Draws what `convloom bench --json` printed, of whatever kind it is, as one HTML file that needs no network and no script. Fails where
 * the text is no such report; `path` is told with it.
 */
export function printReportPage(text: string, path: string): Result<string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    return failure(badResults(path, `This is not JSON: ${reason}`, `这不是 JSON：${reason}`));
  }
  const has = (field: string): boolean => typeof value === 'object' && value !== null && field in value;
  const read = has('subjects')
    ? uiReportSchema.transform(uiCharts).safeParse(value)
    : has('recipes')
      ? accuracyReportSchema.transform(accuracyCharts).safeParse(value)
      : benchReportSchema.transform(benchCharts).safeParse(value);
  if (read.success) return success(printChartPage(read.data));
  const [issue] = read.error.issues;
  const place = issue === undefined ? '' : `${issue.path.map(String).join('.')}: ${issue.message}`;
  return failure(
    badResults(
      path,
      `This is not what \`convloom bench --json\` of this version prints (${place}).`,
      `这不是此版本的 \`convloom bench --json\` 的输出（${place}）。`,
    ),
  );
}
