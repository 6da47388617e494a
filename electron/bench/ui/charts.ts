import type { Feed } from './feed';
import type { Samples } from './measures';
import type { Visit } from './visit';

/** How long the charts are watched at the trainer's own pace. */
const pacedSeconds = 4;
const stepsPerSecond = 20;
/** Far above what any trainer sends: about 170 steps in a frame. */
const pouredPerSecond = 10_000;

/** How a run is watched: a long one pours in, then goes on at the pace at which a trainer tells its steps. */
export async function measureCharts(
  { page, probe }: Visit,
  feed: Feed,
  stepCount: number,
  samples: Samples,
): Promise<void> {
  await page.getByRole('button', { name: 'Start from LeNet' }).click();
  const train = page.getByRole('banner').getByRole('button', { name: 'Train', exact: true });
  await train.click();
  await feed.begun;
  await feed.pour(1, stepsPerSecond);
  await probe.shownAt({ selector: 'figure canvas' });
  const lastStep = { selector: 'figure dd', text: stepCount.toLocaleString('en-US') };
  samples.add(
    'chartsStreaming',
    ...(await probe.frames(async () => {
      await feed.pour(stepCount - 1, pouredPerSecond);
      await probe.shownAt(lastStep);
    })),
  );
  samples.add('chartsPaced', ...(await probe.frames(() => feed.pour(pacedSeconds * stepsPerSecond, stepsPerSecond))));
  feed.finish();
}
