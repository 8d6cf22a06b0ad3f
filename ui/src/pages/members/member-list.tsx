/** The members of a network that is known: found, sorted, selected, and let in or put out. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useCallback, useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { useSearchParams } from 'wouter';

import type { MemberV1, NetworkV1 } from '../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../src/base/ids.ts';
import { Empty } from '../../components/loaded.tsx';
import { latenciesOf } from '../../service/latencies.ts';
import { useService } from '../../service/service.tsx';
import { strings } from '../../strings.ts';
import { AddMember } from './add-member.tsx';
import { MemberFilters } from './member-filters.tsx';
import { pageOf, shownMembers, type SortKey } from './member-list-view.ts';
import { MembersTable } from './members-table.tsx';
import { Pager } from './pager.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useMemberActions } from './use-member-actions.tsx';
import { placeOf, searchOf, type ListPlace } from './view-in-url.ts';

const words = strings.members;

/** See the head of this file. */
export function MemberList({
  id,
  network,
  members,
}: {
  readonly id: NetworkId;
  readonly network: NetworkV1;
  readonly members: readonly MemberV1[];
}): ReactNode {
  const { name: service } = useService();
  const { actions, dialog } = useMemberActions(id, network);
  const [isAdding, adding] = useDisclosure(false);
  const [place, move] = usePlace();
  const { selection, select, selectOnly, selectAll } = useSelection();
  // Typing goes on while the list is drawn anew.
  const wanted = useDeferredValue(place);
  const found = useMemo(() => shownMembers(members, wanted), [members, wanted]);
  const page = useMemo(() => pageOf(found, wanted.page, wanted.size), [found, wanted]);
  const selected = members.filter(({ address }) => selection.has(address));
  const waiting = members.filter(({ state }) => state === 'waiting');
  const onSort = (sort: SortKey): void => {
    move({ sort, isDescending: place.sort === sort && !place.isDescending, page: 0 });
  };
  return (
    <Stack gap="sm">
      {waiting.length > 0 && (
        <Alert color="blue" role="status" p="xs">
          <Group gap="sm">
            <Text size="sm">{words.waiting(waiting.length)}</Text>
            {waiting.length > 1 && (
              <Button
                size="compact-sm"
                onClick={() => {
                  actions.authorize(waiting);
                }}
              >
                {words.authorizeAll(waiting.length)}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      <Group justify="space-between" align="flex-end">
        {members.length > 0 && (
          <MemberFilters
            members={members}
            view={place}
            onChange={(change) => {
              move({ ...change, page: 0 });
            }}
          />
        )}
        <Button variant="default" onClick={adding.open}>
          {words.addById}
        </Button>
      </Group>
      {members.length === 0 ? (
        <Empty title={words.empty}>
          <Text c="dimmed" ta="center" maw={560}>
            {words.emptyHint(network.id)}
          </Text>
        </Empty>
      ) : (
        <>
          <Text size="sm" role="status">
            {words.found(found.length, members.length)}
          </Text>
          <SelectionBar
            selected={selected}
            found={found}
            actions={actions}
            onSelect={(some) => {
              selectOnly(some.map(({ address }) => address));
            }}
          />
          {found.length === 0 ? (
            <Empty title={words.noMatch}>
              <Button
                variant="default"
                onClick={() => {
                  move({ text: '', state: null, page: 0 });
                }}
              >
                {words.showAll}
              </Button>
            </Empty>
          ) : (
            <MembersTable
              members={page.items}
              view={wanted}
              onSort={onSort}
              samplesOf={(address) => latenciesOf(service, network.id, address)}
              selected={selection}
              onSelect={select}
              onSelectPage={(isSelected) => {
                selectAll(
                  page.items.map(({ address }) => address),
                  isSelected,
                );
              }}
              actions={actions}
            />
          )}
          <Pager page={page} count={found.length} size={place.size} onChange={move} />
        </>
      )}
      {isAdding && <AddMember id={id} onClose={adding.close} />}
      {dialog}
    </Stack>
  );
}

/** How the list is looked at. */
function usePlace(): readonly [ListPlace, (change: Partial<ListPlace>) => void] {
  const [search, setSearch] = useSearchParams();
  const place = useMemo(() => placeOf(search), [search]);
  return [
    place,
    (change) => {
      setSearch(searchOf({ ...place, ...change }), { replace: true });
    },
  ];
}

/** Who is selected; the functions stay the same. */
function useSelection(): {
  readonly selection: ReadonlySet<string>;
  readonly select: (address: string, isSelected: boolean) => void;
  readonly selectAll: (addresses: readonly string[], isSelected: boolean) => void;
  readonly selectOnly: (addresses: readonly string[]) => void;
} {
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  const selectAll = useCallback((addresses: readonly string[], isSelected: boolean) => {
    setSelection((known) => {
      const next = new Set(known);
      for (const address of addresses)
        if (isSelected) next.add(address);
        else next.delete(address);
      return next;
    });
  }, []);
  const select = useCallback(
    (address: string, isSelected: boolean) => {
      selectAll([address], isSelected);
    },
    [selectAll],
  );
  const selectOnly = useCallback((addresses: readonly string[]) => {
    setSelection(new Set(addresses));
  }, []);
  return { selection, select, selectAll, selectOnly };
}
