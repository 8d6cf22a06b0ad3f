import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Libc } from './libc.ts';
import { watchDescriptor } from './poll.ts';

/** A library whose descriptors become readable when the test says so. */
function fake(): { library: Libc; fire: (status: number) => void; closed: () => number } {
  let callback: (status: number) => void = () => undefined;
  let closed = 0;
  const poll = (_descriptor: number, _events: object, given: typeof callback): object => {
    callback = given;
    return { close: () => closed++ };
  };
  return {
    library: { foreign: { node: { poll } } } as unknown as Libc,
    fire: (status) => {
      callback(status);
    },
    closed: () => closed,
  };
}

describe('watching a descriptor', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('calls until it is closed, once', () => {
    const { library, fire, closed } = fake();
    const statuses: number[] = [];
    const watch = watchDescriptor(library, 3, (status) => statuses.push(status));
    fire(0);
    fire(0);
    watch.close();
    watch.close();
    fire(0);
    expect(statuses).toEqual([0, 0]);
    expect(closed()).toBe(1);
  });

  it('tells once of a descriptor that cannot be watched any more, and has ended by then', () => {
    const { library, fire, closed } = fake();
    const statuses: number[] = [];
    watchDescriptor(library, 3, (status) => {
      expect(closed()).toBe(1);
      statuses.push(status);
    });
    fire(-9);
    fire(-9);
    expect(statuses).toEqual([-9]);
  });

  it('does not lose what the callback throws', () => {
    const { library, fire } = fake();
    const later: (() => void)[] = [];
    vi.spyOn(globalThis, 'setImmediate').mockImplementation(((callback: () => void) =>
      later.push(callback)) as unknown as typeof setImmediate);
    watchDescriptor(library, 3, () => {
      throw new Error('a bug');
    });
    fire(0);
    expect(later).toHaveLength(1);
    expect(later[0]).toThrow('a bug');
  });
});
