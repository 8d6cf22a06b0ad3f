import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { NoticeList, shownMax, shownMs } from './notice-list.ts';

let list: NoticeList;
let told: string[];

const texts = (): string[] => list.shown().map(({ text }) => text);
const later = (name: string, act = (): Promise<unknown> => Promise.resolve()): void => {
  list.doLater({
    text: name,
    act: () => {
      told.push(`${name} done`);
      return act();
    },
    undo: () => {
      told.push(`${name} undone`);
    },
  });
};

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  list = new NoticeList((error) => (error as Error).message);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a notice', () => {
  it('goes by itself, and one of an error when it is closed', () => {
    list.say('done');
    list.fail(new Error('refused'));
    vi.advanceTimersByTime(shownMs);
    expect(list.shown()).toMatchObject([{ text: 'refused', isBad: true }]);
    list.close(list.shown()[0]!.id);
    expect(texts()).toEqual([]);
  });

  it('stays while one is looked at, and then for its whole time', () => {
    list.say('one');
    list.pause();
    list.say('two');
    vi.advanceTimersByTime(10 * shownMs);
    expect(texts()).toEqual(['one', 'two']);
    list.resume();
    vi.advanceTimersByTime(shownMs - 1);
    expect(texts()).toEqual(['one', 'two']);
    vi.advanceTimersByTime(1);
    expect(texts()).toEqual([]);
  });

  it('makes room for others, but not where it has a way back', () => {
    later('first');
    list.fail(new Error('refused'));
    for (let i = 0; i < shownMax; i++) list.say(`said ${i}`);
    expect(texts()).toEqual(['first', 'refused', 'said 2', 'said 3']);
    for (let i = 0; i < shownMax; i++) later(`later ${i}`);
    expect(texts()).toEqual(['first', 'later 0', 'later 1', 'later 2', 'later 3']);
    expect(told).toEqual([]);
  });

  it('is the same list until something changes, and says when', () => {
    const heard = vi.fn();
    const end = list.subscribe(heard);
    expect(list.shown()).toBe(list.shown());
    list.say('one');
    expect(heard).toHaveBeenCalledTimes(1);
    end();
    list.say('two');
    expect(heard).toHaveBeenCalledTimes(1);
  });
});

describe('what waits for being undone', () => {
  it('is done when its notice goes, by itself or closed', () => {
    later('one');
    vi.advanceTimersByTime(shownMs - 1);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1);
    later('two');
    list.close(list.shown()[0]!.id);
    expect(told).toEqual(['one done', 'two done']);
  });

  it('is not done when it is undone, the last first where nobody says which', () => {
    later('one');
    later('two');
    list.say('three');
    expect(list.undo()).toBe(true);
    expect(list.undo(list.shown()[0]!.id)).toBe(true);
    expect(list.undo()).toBe(false);
    vi.advanceTimersByTime(shownMs);
    expect(told).toEqual(['two undone', 'one undone']);
  });

  it('is begun at once, all of it, when the page is left, and only then waited for', async () => {
    later('one', () => new Promise((resolve) => setTimeout(resolve, 5)));
    later('two');
    const flushed = list.flush();
    expect(told).toEqual(['one done', 'two done']);
    expect(texts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(5);
    await flushed;
    await list.flush();
    expect(told).toHaveLength(2);
  });

  it('is as it was before where it could not be done, and says why', async () => {
    later('one', () => Promise.reject(new Error('refused')));
    await list.flush();
    expect(told).toEqual(['one done', 'one undone']);
    expect(texts()).toEqual(['refused']);
  });

  it('goes on waiting when a notice beside it is closed while it is looked at', () => {
    later('one');
    list.say('two');
    list.pause();
    list.close(list.shown()[1]!.id);
    vi.advanceTimersByTime(shownMs);
    expect(told).toEqual(['one done']);
  });
});
