import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from './app';
import { canvasOf } from './canvas';

test.beforeEach(({ form }) => test.skip(form !== 'browser', 'The desktop form has no server.'));

/** Another program's server on this machine: what a browser sends it. */
async function listenBeside() {
  const cookies: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    cookies.push(request.headers.cookie);
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>Another</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    cookies,
    origin: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

test('another server on this machine gets no cookie of ours, and the page stays open through reloads', async ({
  page,
  serve,
}) => {
  const { url, origin } = await serve();
  await page.goto(url);
  await expect(canvasOf(page)).toBeVisible();
  const address = page.url();
  expect(address).toMatch(new RegExp(`^${origin}/[\\w-]{22}/`));
  expect(address).not.toContain('token');
  await expect.poll(() => page.evaluate(() => document.cookie)).toBe('');

  const other = await listenBeside();
  const visit = await page.context().newPage();
  await visit.goto(`${other.origin}/`);
  await visit.goto(`${other.origin}/?token=x`);
  expect(other.cookies.length).toBeGreaterThan(1);
  expect(other.cookies.filter((cookie) => cookie !== undefined)).toEqual([]);
  expect(await page.context().cookies(`${other.origin}/`)).toEqual([]);
  await other.close();

  await page.reload();
  await expect(canvasOf(page)).toBeVisible();
  expect(page.url()).toBe(address);
});

test(
  'the printed address opens a second tab, from a file too, and two servers live in one browser',
  { tag: '@all' },
  async ({ page, serve, home }) => {
    const [first, second] = [await serve(), await serve()];
    await page.goto(first.url);
    await expect(canvasOf(page)).toBeVisible();
    const again = await page.context().newPage();
    await again.goto(first.url);
    await expect(canvasOf(again)).toBeVisible();
    expect(again.url()).toBe(page.url());

    // As the opener does: the browser is led on by a file.
    const file = join(home.dir, 'open.html');
    await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${second.url}">`);
    const beside = await page.context().newPage();
    await beside.goto(pathToFileURL(file).href);
    await expect(canvasOf(beside)).toBeVisible();
    expect(beside.url()).toMatch(new RegExp(`^${second.origin}/[\\w-]{22}/`));
    await beside.reload();
    await expect(canvasOf(beside)).toBeVisible();
    await page.reload();
    await expect(canvasOf(page)).toBeVisible();
  },
);
