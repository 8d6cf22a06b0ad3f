/** How a list is looked at, kept in the address of the page: going back, and handing the address on, finds it as it was. */
import { memberStates } from '../../../../src/api/schema/v1.ts';
import { sortKeys, type MemberView } from './member-list-view.ts';

/** Members on a page, to choose from. */
export const pageSizes = [50, 100] as const;

/** What is in the address. */
export interface ListPlace extends MemberView {
  /** From 0 on. */
  readonly page: number;
  readonly size: (typeof pageSizes)[number];
}

/** Reads it; what cannot be read is as it is at first. */
export function placeOf(search: URLSearchParams): ListPlace {
  const state = search.get('state');
  const sort = search.get('sort');
  const page = Number(search.get('page') ?? 1) - 1;
  const size = Number(search.get('size'));
  return {
    text: search.get('text') ?? '',
    state: memberStates.find((each) => each === state) ?? null,
    sort: sortKeys.find((each) => each === sort) ?? 'name',
    isDescending: search.get('order') === 'down',
    page: Number.isSafeInteger(page) && page > 0 ? page : 0,
    size: pageSizes.find((each) => each === size) ?? pageSizes[0],
  };
}

/** Writes it; what is as it is at first is left out. */
export function searchOf(place: ListPlace): URLSearchParams {
  const { text, state, sort, isDescending, page, size } = place;
  return new URLSearchParams({
    ...(text === '' ? {} : { text }),
    ...(state === null ? {} : { state }),
    ...(sort === 'name' ? {} : { sort }),
    ...(isDescending ? { order: 'down' } : {}),
    ...(page === 0 ? {} : { page: String(page + 1) }),
    ...(size === pageSizes[0] ? {} : { size: String(size) }),
  });
}
