/** The list itself: a table with columns to sort by, or cards where there is no room for one. */
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import type { LatencySample } from '../../service/latency-history.ts';
import { strings } from '../../strings.ts';
import type { MemberActions } from './member-actions.ts';
import { sortKeys, type MemberView, type SortKey } from './member-list-view.ts';
import { MemberCard, MemberRow } from './member-row.tsx';

const words = strings.members;

/** What the list is given. */
export interface MembersTableProps {
  /** Of the page that is shown. */
  readonly members: readonly MemberV1[];
  readonly view: MemberView;
  readonly onSort: (sort: SortKey) => void;
  readonly samplesOf: (address: string) => readonly LatencySample[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (address: string, isSelected: boolean) => void;
  readonly onSelectPage: (isSelected: boolean) => void;
  readonly actions: MemberActions;
}

/** See the head of this file. */
export function MembersTable(props: MembersTableProps): ReactNode {
  // With the menu beside it, a narrower table would have to be pushed about.
  const isNarrow = useMediaQuery('(max-width: 61.99em)', false, {
    getInitialValueInEffect: false,
  });
  const { members, selected, samplesOf, onSelect, actions } = props;
  const Part = isNarrow ? MemberCard : MemberRow;
  const rows = members.map((member) => (
    <Part
      key={member.address}
      member={member}
      samples={samplesOf(member.address)}
      isSelected={selected.has(member.address)}
      onSelect={onSelect}
      actions={actions}
    />
  ));
  if (isNarrow) return <ul className="member-cards">{rows}</ul>;
  return (
    <div className="member-table-box" tabIndex={0} role="region" aria-label={words.tableLabel}>
      <table className="member-table">
        <Head {...props} />
        <tbody>{rows}</tbody>
      </table>
    </div>
  );
}

function Head({ members, view, onSort, selected, onSelectPage }: MembersTableProps): ReactNode {
  const isAll = members.length > 0 && members.every(({ address }) => selected.has(address));
  return (
    <thead>
      <tr>
        <td>
          <input
            type="checkbox"
            className="select"
            aria-label={words.selectPage}
            checked={isAll}
            onChange={(event) => {
              onSelectPage(event.currentTarget.checked);
            }}
          />
        </td>
        {sortKeys.map((sort) => {
          const isSorted = view.sort === sort;
          const direction = view.isDescending ? 'descending' : 'ascending';
          return (
            <th key={sort} scope="col" aria-sort={isSorted ? direction : undefined}>
              <button
                type="button"
                className="sort"
                onClick={() => {
                  onSort(sort);
                }}
              >
                {words.columns[sort]}
                <span aria-hidden="true">{isSorted ? (view.isDescending ? ' ↓' : ' ↑') : ''}</span>
              </button>
            </th>
          );
        })}
        <td />
      </tr>
    </thead>
  );
}
