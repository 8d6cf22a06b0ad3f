/** Moons that the node follows beside the roots of its planet. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { MoonV1, PeerV1 } from '../../../../src/api/schema/v1-node.ts';
import { focusPage } from '../../components/focus.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { OneFieldForm } from '../../components/one-field-form.tsx';
import { useGone } from '../../service/gone.ts';
import { keys } from '../../service/keys.ts';
import { useMoons, usePeers } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { useTakeAway } from '../../shell/take-away.ts';
import { strings } from '../../strings.ts';

const words = strings.node;

/** The roots in words, and the moons with a form. */
export function RootsTab(): ReactNode {
  const { name: service, client } = useService();
  const takeAway = useTakeAway();
  const moonsOf = `${service}/moons`;
  const isGone = useGone(moonsOf);
  const queries = useQueryClient();
  const again = (): Promise<void> => queries.invalidateQueries({ queryKey: keys.moons(service) });
  const unfollow = (moon: string): void => {
    takeAway({
      ...{ of: moonsOf, names: [moon], text: words.unfollowed(moon) },
      act: async () => {
        await client.deorbit(moon);
        await again();
      },
    });
    focusPage();
  };
  return (
    <Stack>
      <Loaded
        query={usePeers()}
        isEmpty={(peers) => peers.every(isLeaf)}
        empty={<Empty title={words.rootsEmpty} />}
      >
        {(peers) => (
          <Stack gap={4}>
            {peers
              .filter((peer) => !isLeaf(peer))
              .map(({ address, role, latencyMs, paths }) => (
                <Text key={address} size="sm">
                  {address} ({words.roles[role]}):{' '}
                  {paths.map(({ endpoint }) => endpoint).join(', ') || strings.unknown}
                  {latencyMs === null ? '' : `, ${strings.members.latencyMs(latencyMs)}`}
                </Text>
              ))}
          </Stack>
        )}
      </Loaded>
      <OneFieldForm
        label={words.moonField}
        hint={words.moonHint}
        action={words.follow}
        read={moonId}
        invalid={words.moonInvalid}
        onSend={async (id) => {
          await client.orbit({ id }).finally(() => void again());
        }}
      />
      <Loaded
        query={useMoons()}
        isEmpty={(moons) => moons.every(({ id: moon }) => isGone(moon))}
        empty={<Empty title={words.moonsEmpty} />}
      >
        {(moons) => (
          <Stack component="ul" gap="xs" p={0} m={0}>
            {moons
              .filter(({ id: moon }) => !isGone(moon))
              .map((moon) => (
                <MoonLine
                  key={moon.id}
                  moon={moon}
                  onUnfollow={() => {
                    unfollow(moon.id);
                  }}
                />
              ))}
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}

/** @returns what names a moon: 10 or 16 digits; null: it is none */
function moonId(text: string): string | null {
  const id = text.trim().toLowerCase();
  return /^([0-9a-f]{10}|[0-9a-f]{16})$/.test(id) ? id : null;
}

function isLeaf({ role }: PeerV1): boolean {
  return role === 'leaf';
}

function MoonLine({
  moon,
  onUnfollow,
}: {
  readonly moon: MoonV1;
  readonly onUnfollow: () => void;
}): ReactNode {
  return (
    <Group component="li">
      <Text size="sm">
        {moon.id}{' '}
        {moon.isWaiting
          ? words.moonWaiting
          : moon.roots.flatMap(({ endpoints }) => endpoints).join(', ')}
      </Text>
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        aria-label={words.unfollowMoon(moon.id)}
        onClick={onUnfollow}
      >
        {words.unfollow}
      </Button>
    </Group>
  );
}
