import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

export function trainButton(page: Page): Locator {
  return page.getByRole('banner').getByRole('button', { name: 'Train', exact: true });
}

export function stopButton(page: Page): Locator {
  return page.getByRole('banner').getByRole('button', { name: 'Stop', exact: true });
}

/** Where the run stands, in a sentence. */
export function phaseOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Progress' }).getByRole('status');
}

export async function setTraining(page: Page, label: string, value: number): Promise<void> {
  await page.getByRole('tab', { name: 'Training', exact: true }).click();
  const field = page
    .getByRole('form', { name: 'Training settings' })
    .getByRole('textbox', { name: label, exact: true });
  await field.fill(String(value));
  await field.press('Enter');
}

/** One of the figures beside the curve. */
export function figure(page: Page, label: string): Locator {
  return page
    .getByRole('region', { name: 'Progress' })
    .getByRole('definition')
    .and(page.locator(`dt:text-is("${label}") + dd`));
}

export type Curve = {
  /** Share of the chart's columns in which the curve is drawn, 0 to 1. */
  readonly width: number;
  /** Height between its highest and its lowest point, in canvas pixels. */
  readonly height: number;
};

/** Looks for a curve of a colour in a chart's canvas: what the user sees, not what the app believes it drew. */
export async function readCurve(chart: Locator, token: string): Promise<Curve> {
  return chart.locator('canvas').evaluate((element, name) => {
    const canvas = element as HTMLCanvasElement;
    const context = canvas.getContext('2d');
    if (context === null || canvas.width === 0) return { width: 0, height: 0 };
    // The browser says any colour as numbers once it has painted it.
    const probe = document.createElement('canvas').getContext('2d');
    if (probe === null) return { width: 0, height: 0 };
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    probe.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = probe.getImageData(0, 0, 1, 1).data;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const columns = new Set<number>();
    let top = canvas.height;
    let bottom = 0;
    for (let pixel = 0; pixel < data.length / 4; pixel++) {
      const at = pixel * 4;
      const distance =
        Math.abs((data[at] ?? 0) - red) + Math.abs((data[at + 1] ?? 0) - green) + Math.abs((data[at + 2] ?? 0) - blue);
      if ((data[at + 3] ?? 0) < 200 || distance > 24) continue;
      columns.add(pixel % canvas.width);
      const row = Math.floor(pixel / canvas.width);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
    }
    return { width: columns.size / canvas.width, height: Math.max(0, bottom - top) };
  }, token);
}

/** Waits for a run to end well. */
export async function waitForFinish(page: Page): Promise<void> {
  await expect(phaseOf(page)).toHaveAttribute('data-phase', /^(finished|failed)$/, { timeout: 120_000 });
  await expect(phaseOf(page)).toHaveText(/^Finished/);
}
