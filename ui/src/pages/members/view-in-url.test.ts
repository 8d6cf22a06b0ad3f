/** What the address of the page keeps of a list. */
import { describe, expect, it } from 'vitest';

import { placeOf, searchOf, type ListPlace } from './view-in-url.ts';

const first: ListPlace = {
  text: '',
  state: null,
  sort: 'name',
  isDescending: false,
  page: 0,
  size: 50,
};

describe('the place in a list', () => {
  it('is read as it was written', () => {
    const place: ListPlace = {
      text: 'a & b',
      state: 'never-configured',
      sort: 'latency',
      isDescending: true,
      page: 3,
      size: 100,
    };
    expect(placeOf(new URLSearchParams(searchOf(place).toString()))).toEqual(place);
  });

  it('needs no words at first', () => {
    expect(searchOf(first).toString()).toBe('');
    expect(placeOf(new URLSearchParams())).toEqual(first);
  });

  it('is the first one where the words are none', () => {
    const search = new URLSearchParams('state=x&sort=y&order=z&page=-2&size=7');
    expect(placeOf(search)).toEqual(first);
    expect(placeOf(new URLSearchParams('page=1.5')).page).toBe(0);
  });
});
