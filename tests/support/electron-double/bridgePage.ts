import type { Page } from '@playwright/test';
import type { ElectronApp } from './launch';

/** The address under which Chromium loads the app; it knows no `convloom-app:` of its own. A secure one, as Electron's scheme is. */
export const pageOrigin = 'https://convloom-app.test';

/**
 * Lets a Chromium page be the window's page: files come from the app's own protocol handler, headers and policy included, and
 * `window.convloom` is the bridge that the real preload exposed.
 */
export async function bridgePage(page: Page, app: ElectronApp): Promise<void> {
  await page.route(`${pageOrigin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const answer = await app.call('fetch', { url: `convloom-app://app${pathname}`, method: route.request().method() });
    await route.fulfill({
      status: answer.status,
      headers: { ...answer.headers },
      body: Buffer.from(answer.body, 'base64'),
    });
  });
  await page.exposeFunction('convloomSend', (text: string) =>
    app.call('pageSend', { message: JSON.parse(text) as unknown }),
  );
  app.onPageMessage((message) => {
    // A page that is being closed takes no more messages.
    void page
      .evaluate(
        (text) => window.dispatchEvent(new CustomEvent('convloom-message', { detail: text })),
        JSON.stringify(message),
      )
      .catch(() => undefined);
  });
  await app.call('pageListen', {});
  await page.addInitScript(() => {
    const send = (window as unknown as { readonly convloomSend: (text: string) => Promise<void> }).convloomSend;
    const bridge = {
      send: (message: unknown) => void send(JSON.stringify(message)),
      onMessage: (listener: (message: unknown) => void) => {
        const forward = (event: Event): void => listener(JSON.parse((event as CustomEvent<string>).detail));
        window.addEventListener('convloom-message', forward);
        return () => window.removeEventListener('convloom-message', forward);
      },
    };
    Object.defineProperty(window, 'convloom', { value: Object.freeze(bridge) });
  });
}
