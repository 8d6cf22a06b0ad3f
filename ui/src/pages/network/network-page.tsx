/** One network: its members first, then what it is set to. */
import { Badge, Group, Stack, Tabs } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { useLocation } from 'wouter';

import { formatU64, type NetworkId } from '../../../../src/base/ids.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { Loaded, Loading } from '../../components/loaded.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useNetwork } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { strings } from '../../strings.ts';
import { networkName } from '../networks/network-name.ts';
import { MembersTab } from './members-tab.tsx';

const SettingsTab = lazy(async () => {
  const { SettingsTab: tab } = await import('./settings/settings-tab.tsx');
  return { default: tab };
});
const RulesTab = lazy(async () => {
  const { RulesTab: tab } = await import('./rules/rules-tab.tsx');
  return { default: tab };
});
const InvitesTab = lazy(async () => {
  const { InvitesTab: tab } = await import('./invites/invites-tab.tsx');
  return { default: tab };
});
const AuditTab = lazy(async () => {
  const { AuditTab: tab } = await import('./audit/audit-tab.tsx');
  return { default: tab };
});

/** Other services have neither of the last two, and say so to who comes by an address. */
const tabs: readonly string[] = ['members', 'settings', 'rules', 'invitations', 'audit'];

/** The page. */
export function NetworkPage({ id }: { readonly id: NetworkId }): ReactNode {
  const query = useNetwork(id);
  const { name: service, kind } = useService();
  const isOurs = kind === 'overspan';
  const [location, go] = useLocation();
  const base = `/s/${encodeURIComponent(service)}/networks/${formatU64(id)}`;
  const part = location.slice(base.length + 1);
  const shown = part === '' ? 'members' : part;
  if (!tabs.includes(shown)) return <NotFound />;
  return (
    <Loaded query={query}>
      {(network) => (
        <Stack gap="md">
          <Group gap="sm">
            <PageHeading>{networkName(network, strings.networks.unnamed)}</PageHeading>
            <Badge variant="default" className="state">
              {network.isPrivate ? strings.networks.private : strings.networks.public}
            </Badge>
            <CopyText text={network.id} label={strings.networks.id} />
          </Group>
          <Tabs
            value={shown}
            onChange={(tab) => {
              go(tab === 'members' || tab === null ? base : `${base}/${tab}`);
            }}
            keepMounted={false}
          >
            <Tabs.List>
              <Tabs.Tab value="members">{strings.members.title}</Tabs.Tab>
              <Tabs.Tab value="settings">{strings.networks.tabs.settings}</Tabs.Tab>
              <Tabs.Tab value="rules">{strings.networks.tabs.rules}</Tabs.Tab>
              {isOurs && (
                <>
                  <Tabs.Tab value="invitations">{strings.networks.tabs.invitations}</Tabs.Tab>
                  <Tabs.Tab value="audit">{strings.networks.tabs.audit}</Tabs.Tab>
                </>
              )}
            </Tabs.List>
            <Tabs.Panel value="members" pt="md">
              <MembersTab network={network} id={id} />
            </Tabs.Panel>
            <Suspense fallback={<Loading />}>
              <Tabs.Panel value="settings" pt="md">
                <SettingsTab network={network} id={id} />
              </Tabs.Panel>
              <Tabs.Panel value="rules" pt="md">
                <RulesTab id={id} />
              </Tabs.Panel>
              <Tabs.Panel value="invitations" pt="md">
                <InvitesTab id={id} />
              </Tabs.Panel>
              <Tabs.Panel value="audit" pt="md">
                <AuditTab id={id} />
              </Tabs.Panel>
            </Suspense>
          </Tabs>
        </Stack>
      )}
    </Loaded>
  );
}
