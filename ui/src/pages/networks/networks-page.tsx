/** The networks that are owned: made, found, and deleted with a way back. */
import {
  Anchor,
  Badge,
  Button,
  Card,
  Center,
  Group,
  Loader,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { Link } from 'wouter';

import { memberStates, type NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { focusPage } from '../../components/focus.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useNetworks } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { strings } from '../../strings.ts';
import { CreateNetwork } from './create-network.tsx';
import { useDeleteNetwork } from './delete-network.ts';
import { networkName } from './network-name.ts';

const words = strings.networks;

/** Asked for when one is wanted. */
const QrCode = lazy(async () => {
  const { QrCode: picture } = await import('../../components/qr-code.tsx');
  return { default: picture };
});

/** The page. */
export function NetworksPage(): ReactNode {
  const [search, setSearch] = useState('');
  const [isCreating, { open, close }] = useDisclosure(false);
  const { isGone, remove } = useDeleteNetwork();
  const query = useNetworks();
  const wanted = search.trim().toLowerCase();
  const found = (all: readonly NetworkV1[]): NetworkV1[] =>
    all
      .filter(({ id }) => !isGone(id))
      .filter(({ id, name }) => id.includes(wanted) || name.toLowerCase().includes(wanted))
      .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <PageHeading>{words.title}</PageHeading>
        <Button onClick={open}>{words.create}</Button>
      </Group>
      <Loaded
        query={query}
        isEmpty={(all) => all.every(({ id }) => isGone(id))}
        empty={
          <Empty title={words.empty}>
            <Text c="dimmed">{words.emptyHint}</Text>
          </Empty>
        }
      >
        {(all) => (
          <>
            <TextInput
              aria-label={words.search}
              placeholder={words.search}
              type="search"
              maw={400}
              value={search}
              onChange={(event) => {
                setSearch(event.currentTarget.value);
              }}
            />
            {found(all).length === 0 && <Empty title={words.noMatch} />}
            <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} component="ul" p={0} m={0}>
              {found(all).map((network) => (
                <NetworkCard
                  key={network.id}
                  network={network}
                  onDelete={() => {
                    remove(network);
                    focusPage();
                  }}
                />
              ))}
            </SimpleGrid>
          </>
        )}
      </Loaded>
      {isCreating && <CreateNetwork networks={query.data ?? []} onClose={close} />}
    </Stack>
  );
}

function NetworkCard({
  network,
  onDelete,
}: {
  readonly network: NetworkV1;
  readonly onDelete: () => void;
}): ReactNode {
  const { name: service } = useService();
  const [isQrShown, qr] = useDisclosure(false);
  const { id, isPrivate, routes, memberCounts } = network;
  const href = `/s/${encodeURIComponent(service)}/networks/${id}`;
  const name = networkName(network, words.unnamed);
  const counted = memberStates.filter((state) => (memberCounts?.[state] ?? 0) > 0);
  const ranges = routes.filter(({ via }) => via === null).map(({ target }) => target);
  return (
    <Card component="li" withBorder padding="md">
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Anchor component={Link} href={href} fw={600} truncate>
            {name}
          </Anchor>
          <Badge variant="default" className="state">
            {isPrivate ? words.private : words.public}
          </Badge>
        </Group>
        <CopyText text={id} label={words.id} />
        <Text size="sm" c="dimmed">
          {ranges.length === 0 ? strings.none : ranges.join(', ')}
        </Text>
        <Group gap="xs">
          {counted.length === 0 && <Text size="sm">{words.membersInAll(network.memberCount)}</Text>}
          {counted.map((state) => (
            <Link
              key={state}
              href={`${href}?state=${state}`}
              className="state-count"
              aria-label={words.stateCount(memberCounts?.[state] ?? 0, strings.states[state])}
            >
              <Text component="span" size="sm" fw={600}>
                {(memberCounts?.[state] ?? 0).toLocaleString('en')}
              </Text>{' '}
              <StateBadge state={state} />
            </Link>
          ))}
        </Group>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" aria-haspopup="dialog" onClick={qr.open}>
            {words.showQr}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            onClick={onDelete}
            aria-label={words.delete(name)}
          >
            {strings.delete}
          </Button>
        </Group>
      </Stack>
      {isQrShown && (
        <Dialog title={name} onClose={qr.close}>
          <Center>
            <Suspense fallback={<Loader aria-label={strings.loading} />}>
              <QrCode text={id} label={words.qrLabel(id)} />
            </Suspense>
          </Center>
        </Dialog>
      )}
    </Card>
  );
}
