import { expect, it } from 'vitest';
import { createLeanStore } from '../../../../renderer/session/leanStore';

it('lets its first state go once there is another', () => {
  const first = { document: 'a large one' };
  const store = createLeanStore(first);
  expect(store.getState()).toBe(first);
  store.setState({ document: 'an edited one' }, true);
  expect(store.getState()).toEqual({ document: 'an edited one' });
  expect(store.getInitialState()).toBe(store.getState());
});
