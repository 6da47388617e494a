import type { Page } from '@playwright/test';

/** What React tells whoever asks of a part of the page. Only what is read here. */
type Fiber = {
  readonly tag: number;
  readonly flags: number;
  readonly memoizedProps: unknown;
  readonly child: Fiber | null;
  readonly sibling: Fiber | null;
  readonly alternate: Fiber | null;
};

/** Has the page count what React renders, from its next opening on: through the door that React leaves for its developer tools. */
export async function watchRenders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counted = { renders: 0 };
    const [element, performedWork] = [5, 1];
    // What was not looked at in a commit hangs on as it was: only what is another than before is walked.
    const walk = (first: Fiber | null): void => {
      for (let fiber = first; fiber !== null; fiber = fiber.sibling) {
        const { alternate, child, tag, flags, memoizedProps } = fiber;
        const isOther = tag === element && alternate !== null && alternate.memoizedProps !== memoizedProps;
        if (isOther || (tag !== element && (flags & performedWork) !== 0)) counted.renders += 1;
        if (child !== null && child !== alternate?.child) walk(child);
      }
    };
    Object.assign(window, {
      countedRenders: counted,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        inject: () => 1,
        onCommitFiberUnmount: () => undefined,
        onPostCommitFiberRoot: () => undefined,
        onCommitFiberRoot: (_id: number, root: { readonly current: Fiber }) => walk(root.current.child),
      },
    });
  });
}

/** How many components and elements React has rendered so far in a page that is watched. */
export async function countRenders(page: Page): Promise<number> {
  return page.evaluate<number>('window.countedRenders.renders');
}
