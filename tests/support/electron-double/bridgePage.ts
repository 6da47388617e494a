import type { Page } from '@playwright/test';
import type { ElectronApp } from './launch';

/** The address under which Chromium loads the app; it knows no `convloom-app:` of its own. A secure one, as Electron's scheme is. */
export const pageOrigin = 'https://convloom-app.test';

/** Playwright carries JSON between a page and its test; typed arrays cross as lists that name their kind. */
function replaceArrays(_key: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? { $typed: value.constructor.name, values: [...(value as Uint8Array)] } : value;
}

const arrayKinds = { Uint8Array, Int32Array, Float32Array };

function reviveArrays(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$typed' in value)) return value;
  const { $typed, values } = value as { readonly $typed: keyof typeof arrayKinds; readonly values: readonly number[] };
  return arrayKinds[$typed].from(values);
}

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
    app.call('pageSend', { message: JSON.parse(text, reviveArrays) as unknown }),
  );
  app.onPageMessage((message) => {
    // A page that is being closed takes no more messages.
    void page
      .evaluate(
        (text) => window.dispatchEvent(new CustomEvent('convloom-message', { detail: text })),
        JSON.stringify(message, replaceArrays),
      )
      .catch(() => undefined);
  });
  await app.call('pageListen', {});
  await page.addInitScript(() => {
    // What replaceArrays and reviveArrays do, once more: a page's script stands alone.
    const replace = (_key: string, value: unknown): unknown =>
      ArrayBuffer.isView(value) ? { $typed: value.constructor.name, values: [...(value as Uint8Array)] } : value;
    const revive = (_key: string, value: unknown): unknown => {
      if (typeof value !== 'object' || value === null || !('$typed' in value)) return value;
      const { $typed, values } = value as unknown as {
        $typed: 'Uint8Array' | 'Int32Array' | 'Float32Array';
        values: number[];
      };
      return window[$typed].from(values);
    };
    const send = (window as unknown as { readonly convloomSend: (text: string) => Promise<void> }).convloomSend;
    const bridge = {
      send: (message: unknown) => void send(JSON.stringify(message, replace)),
      onMessage: (listener: (message: unknown) => void) => {
        const forward = (event: Event): void => listener(JSON.parse((event as CustomEvent<string>).detail, revive));
        window.addEventListener('convloom-message', forward);
        return () => window.removeEventListener('convloom-message', forward);
      },
      // A file that a test makes is on no disk.
      pathOf: () => '',
    };
    Object.defineProperty(window, 'convloom', { value: Object.freeze(bridge) });
  });
}
