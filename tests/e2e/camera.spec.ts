import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './app';
import { startFromLenet } from './files';
import { chromiumOptions } from './forms/chromium';

// A camera that shows a green field with a clock, and nobody who is asked.
test.use({ launchOptions: chromiumOptions(['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']) });

test('the camera is refused by name, then records two classes, which become the data, and is off again', async ({
  app,
}) => {
  const { page, home } = app;
  const { origin } = new URL(page.url());
  await startFromLenet(page);
  await page.getByRole('tab', { name: 'Data', exact: true }).click();
  const panel = page.getByRole('tabpanel', { name: 'Data', exact: true });
  await page.evaluate(() => {
    const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const streams: MediaStream[] = [];
    let isFirst = true;
    // What the browser does when its user says no.
    navigator.mediaDevices.getUserMedia = async (wanted) => {
      if (isFirst) {
        isFirst = false;
        throw new DOMException('Permission denied', 'NotAllowedError');
      }
      const stream = await own(wanted);
      streams.push(stream);
      return stream;
    };
    Object.assign(window, { streams });
  });
  await page.context().grantPermissions(['camera', 'clipboard-read', 'clipboard-write'], { origin });
  await panel.getByRole('button', { name: 'Record with the camera' }).click();
  const dialog = page.getByRole('dialog', { name: 'Record with the camera' });
  await expect(dialog.getByRole('alert')).toContainText('The camera was not allowed');
  await dialog.getByRole('button', { name: 'Try again' }).click();

  await dialog.getByRole('textbox', { name: 'Name of class 1' }).fill('cup');
  const cup = dialog.getByRole('button', { name: 'Hold to record cup' });
  await expect(cup).toBeEnabled();
  await cup.hover();
  await page.mouse.down();
  await expect(dialog.getByText(/^[3-9] pictures$/)).toBeVisible();
  await page.mouse.up();
  const name = dialog.getByRole('textbox', { name: 'Name of class 2' });
  await name.fill('Cup');
  await expect(dialog.getByText('Another class has this name.')).toBeVisible();
  await name.fill('pen');
  await dialog.getByRole('button', { name: 'Hold to record pen' }).focus();
  await page.keyboard.down('Space');
  await expect(dialog.getByRole('img', { name: 'Recorded picture of pen' }).nth(3)).toBeVisible();
  await page.keyboard.up('Space');
  // The last pictures are shown, however many the camera gave meanwhile.
  const deletion = dialog.getByRole('button', { name: /^Delete picture \d+ of cup$/ }).first();
  await deletion.click();
  await dialog.getByRole('textbox', { name: 'New folder' }).fill(join(home.documents, 'seen'));
  await dialog.getByRole('button', { name: 'Save as data' }).click();

  await expect(panel.getByText(/^1 to \d+ of \d+$/)).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByTitle(/^pen: \d/)).toBeVisible();
  const seen = join(home.documents, 'seen');
  expect((await readdir(seen)).filter((name) => !name.startsWith('.')).sort()).toEqual(['cup', 'pen']);
  const areOff = await page.evaluate(() =>
    (window as Window & { readonly streams?: readonly MediaStream[] }).streams
      ?.flatMap((stream) => stream.getTracks())
      .every((track) => track.readyState === 'ended'),
  );
  expect(areOff).toBe(true);

  // Going on with what is the data now: pictures behind those that are there, one of these deleted, brought back, and deleted.
  const cups = (await readdir(join(seen, 'cup'))).length;
  const snapshot = panel.getByText(/^Snapshot /);
  const before = (await snapshot.textContent()) ?? '';
  await panel.getByRole('button', { name: 'Record with the camera' }).click();
  await expect(dialog.getByRole('combobox', { name: 'Record into' })).toContainText('seen');
  const count = dialog.getByRole('listitem', { name: 'cup' }).getByText(/^\d+ pictures$/);
  await expect(count).toHaveText(`${cups} pictures`);
  await expect(dialog.getByRole('img', { name: 'Recorded picture of cup' }).first()).toBeVisible();
  const number = Number(/\d+/.exec((await deletion.getAttribute('aria-label')) ?? '')?.[0]);
  await deletion.click();
  await dialog.getByRole('button', { name: 'Undo deletion' }).click();
  await expect(count).toHaveText(`${cups} pictures`);
  await deletion.click();
  await cup.focus();
  await page.keyboard.down('Space');
  await expect.poll(async () => Number.parseInt((await count.textContent()) ?? '', 10)).toBeGreaterThan(cups);
  await page.keyboard.up('Space');
  await dialog.getByRole('button', { name: 'Save as data' }).click();
  await expect(snapshot).not.toHaveText(before);
  const after = await readdir(join(seen, 'cup'));
  expect(after).not.toContain(`${String(number).padStart(5, '0')}.jpg`);
  expect(after.length).toBeGreaterThan(cups);
});
