/** Joining networks with this node, and seeing how far each has come. */
import { Anchor, Button, Card, Checkbox, Code, Group, Stack, Text } from '@mantine/core';
import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import type { JoinedV1, NodeV1, PermissionsPatchV1 } from '../../../../src/api/schema/v1-node.ts';
import { parseNetworkId } from '../../../../src/base/ids.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { focusPage } from '../../components/focus.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { OneFieldForm } from '../../components/one-field-form.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Problem } from '../../components/problem.tsx';
import { Step } from '../../components/step.tsx';
import { useGone } from '../../service/gone.ts';
import { keys } from '../../service/keys.ts';
import { isLacking } from '../../service/lacking.ts';
import { useJoined, useNode } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
import { useTakeAway } from '../../shell/take-away.ts';
import { strings } from '../../strings.ts';
import { networkName } from '../networks/network-name.ts';
import { joinWord } from './pasted.ts';

const words = strings.join;

/** Under which name networks that are left in a moment are kept; see `service/gone.ts`. */
function goneOf(service: string): string {
  return `${service}/joined`;
}

/** The page. */
export function JoinPage(): ReactNode {
  const node = useNode();
  return (
    <Stack gap="md">
      <PageHeading>{words.title}</PageHeading>
      {isLacking(node.error) ? <Problem error={node.error} /> : <Joining node={node} />}
    </Stack>
  );
}

function Joining({ node }: { readonly node: UseQueryResult<NodeV1> }): ReactNode {
  const { name: service } = useService();
  const isGone = useGone(goneOf(service));
  const joined = useJoined();
  return (
    <>
      <Text>{words.intro}</Text>
      <Loaded query={node}>
        {({ address }) => (
          <Group gap="xs">
            <Text size="sm">{words.ownId}</Text>
            <CopyText text={address} label={words.ownId} />
          </Group>
        )}
      </Loaded>
      <JoinForm />
      <Loaded
        query={joined}
        isEmpty={(all) => all.every(({ id }) => isGone(id))}
        empty={<Empty title={words.empty} />}
      >
        {(all) => (
          <Stack component="ul" p={0} m={0}>
            {all
              .filter(({ id }) => !isGone(id))
              .map((network) => (
                <JoinedCard
                  key={network.id}
                  network={network}
                  isOnline={node.data?.isOnline ?? false}
                  address={node.data?.address ?? ''}
                />
              ))}
          </Stack>
        )}
      </Loaded>
    </>
  );
}

function JoinForm(): ReactNode {
  const { name: service, client } = useService();
  const { say } = useNotices();
  const queries = useQueryClient();
  return (
    <OneFieldForm
      label={words.field}
      hint={words.fieldHint}
      action={words.action}
      read={joinWord}
      invalid={words.invalid}
      onSend={async (network) => {
        await client.join({ network }).finally(() => {
          void queries.invalidateQueries({ queryKey: keys.joined(service) });
        });
        say(words.joining(network.slice(0, 16)));
      }}
    />
  );
}

function JoinedCard({
  network,
  isOnline,
  address,
}: {
  readonly network: JoinedV1;
  readonly isOnline: boolean;
  readonly address: string;
}): ReactNode {
  const { name: service, client } = useService();
  const takeAway = useTakeAway();
  const queries = useQueryClient();
  const { id, status, why, addresses, device } = network;
  const isIn = status === 'ok';
  const isDenied = status === 'access-denied';
  const leave = (): void => {
    const networkId = parseNetworkId(id);
    if (networkId === null) return;
    takeAway({
      ...{ of: goneOf(service), names: [id], text: words.left(id) },
      act: async () => {
        await client.leave(networkId);
        await queries.invalidateQueries({ queryKey: keys.joined(service) });
      },
    });
    focusPage();
  };
  return (
    <Card component="li" withBorder padding="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text fw={600}>{networkName(network, words.unnamed)}</Text>
          <CopyText text={id} label={strings.networks.id} />
        </Group>
        <Text size="sm" role="status">
          {why}
        </Text>
        {isIn ? (
          <Group gap="lg">
            <Fact label={words.address}>{addresses.join(', ') || strings.none}</Fact>
            <Fact label={words.device}>{device ?? strings.none}</Fact>
          </Group>
        ) : (
          <>
            <Stack component="ol" gap={4} p={0} m={0}>
              <Step isDone={isOnline}>{words.steps.node}</Step>
              <Step isDone={network.askedAt !== null}>{words.steps.asked}</Step>
              <Step isDone={false}>{words.steps.authorized}</Step>
              <Step isDone={false}>{words.steps.configured}</Step>
            </Stack>
            {isDenied && (
              <Stack gap={4}>
                <Text size="sm">{words.authorize}</Text>
                <CopyText
                  text={`overspan member authorize ${id} ${address}`}
                  label={words.authorize}
                />
              </Stack>
            )}
          </>
        )}
        <Permissions network={network} />
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            ml={-8}
            onClick={leave}
            aria-label={words.leaveNetwork(id)}
          >
            {words.leave}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function Fact({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Group gap={6}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Code className="copied">{children}</Code>
    </Group>
  );
}

function Permissions({ network }: { readonly network: JoinedV1 }): ReactNode {
  const { name: service, client } = useService();
  const { fail } = useNotices();
  const queries = useQueryClient();
  const [isShown, setIsShown] = useState(false);
  const { managed, global, default: defaultRoute, dns } = network.permissions;
  const permit = (patch: PermissionsPatchV1): void => {
    const id = parseNetworkId(network.id);
    if (id === null) return;
    client
      .permit(id, patch)
      .catch(fail)
      .finally(() => void queries.invalidateQueries({ queryKey: keys.joined(service) }));
  };
  const box = (
    label: string,
    value: boolean | null,
    patch: (isOn: boolean) => PermissionsPatchV1,
  ) =>
    value !== null && (
      <Checkbox
        label={label}
        checked={value}
        onChange={(event) => {
          permit(patch(event.currentTarget.checked));
        }}
      />
    );
  return (
    <Stack gap="xs">
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="start"
        aria-expanded={isShown}
        onClick={() => {
          setIsShown(!isShown);
        }}
      >
        {words.allow}
      </Anchor>
      {isShown && (
        <>
          {box(words.managed, managed === null ? null : managed !== false, (isOn) => ({
            managed: isOn,
          }))}
          {Array.isArray(managed) && <Text size="sm">{words.managedList(managed.join(', '))}</Text>}
          {box(words.global, global, (isOn) => ({ global: isOn }))}
          {box(words.defaultRoute, defaultRoute, (isOn) => ({ default: isOn }))}
          {box(words.dns, dns, (isOn) => ({ dns: isOn }))}
        </>
      )}
    </Stack>
  );
}
