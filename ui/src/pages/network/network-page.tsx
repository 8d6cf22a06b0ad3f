/** One network: its members first, then what it is set to. */
import { Badge, Group, Stack, Tabs, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';

import { formatU64, type NetworkId } from '../../../../src/base/ids.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { useNetwork } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { strings } from '../../strings.ts';
import { MembersTab } from './members-tab.tsx';

/** The page. */
export function NetworkPage({ id }: { readonly id: NetworkId }): ReactNode {
  const query = useNetwork(id);
  const { name: service } = useService();
  const [location, go] = useLocation();
  const base = `/s/${encodeURIComponent(service)}/networks/${formatU64(id)}`;
  const part = location.slice(base.length + 1).split('/')[0] ?? '';
  return (
    <Loaded query={query}>
      {(network) => (
        <Stack gap="md">
          <Group gap="sm">
            <Title order={1} size="h2">
              {network.name === '' ? strings.networks.unnamed : network.name}
            </Title>
            <Badge variant="default" className="state">
              {network.isPrivate ? strings.networks.private : strings.networks.public}
            </Badge>
            <CopyText text={network.id} label={strings.networks.id} />
          </Group>
          <Tabs
            value={part === '' ? 'members' : part}
            onChange={(tab) => {
              go(tab === 'members' || tab === null ? base : `${base}/${tab}`);
            }}
            keepMounted={false}
          >
            <Tabs.List>
              <Tabs.Tab value="members">{strings.members.title}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="members" pt="md">
              <MembersTab network={network} id={id} />
            </Tabs.Panel>
          </Tabs>
        </Stack>
      )}
    </Loaded>
  );
}
