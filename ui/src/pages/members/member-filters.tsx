/** Finding members by text and state; on narrow screens also the order, which has no heads of columns there. */
import { Group, NativeSelect, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

import { memberStates, type MemberV1 } from '../../../../src/api/schema/v1.ts';
import { strings } from '../../strings.ts';
import { sortKeys, statesOf, type MemberView } from './member-list-view.ts';

const words = strings.members;

/** See the head of this file. */
export function MemberFilters({
  members,
  view,
  onChange,
}: {
  readonly members: readonly MemberV1[];
  readonly view: MemberView;
  readonly onChange: (change: Partial<MemberView>) => void;
}): ReactNode {
  const states = statesOf(members);
  const chosen = view.state;
  // The one that is chosen stays, also when the last member of that state has left it.
  const counted =
    chosen === null || states.some(({ state }) => state === chosen)
      ? states
      : [...states, { state: chosen, count: 0 }];
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        aria-label={words.search}
        placeholder={words.search}
        type="search"
        className="member-search"
        value={view.text}
        onChange={(event) => {
          onChange({ text: event.currentTarget.value });
        }}
      />
      <NativeSelect
        aria-label={words.stateFilter}
        value={chosen ?? ''}
        data={[
          { value: '', label: `${words.stateFilter}: ${words.allStates(members.length)}` },
          ...counted.map(({ state, count }) => ({
            value: state,
            label: words.stateCount(strings.states[state], count),
          })),
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget;
          onChange({ state: memberStates.find((state) => state === value) ?? null });
        }}
      />
      <NativeSelect
        hiddenFrom="md"
        aria-label={words.sortBy}
        value={`${view.sort}${view.isDescending ? '-' : ''}`}
        data={sortKeys.flatMap((sort) =>
          [false, true].map((isDescending) => ({
            value: `${sort}${isDescending ? '-' : ''}`,
            label: `${words.sortBy}: ${words.columns[sort]}, ${isDescending ? words.descending : words.ascending}`,
          })),
        )}
        onChange={(event) => {
          const { value } = event.currentTarget;
          const sort = sortKeys.find((key) => value === key || value === `${key}-`);
          if (sort !== undefined) onChange({ sort, isDescending: value.endsWith('-') });
        }}
      />
    </Group>
  );
}
