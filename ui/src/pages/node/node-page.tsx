/** The node itself: who it is, whom it knows, what it is set to, and what it writes down. */
import './node.css';

import { Stack, Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';

import { PageHeading } from '../../components/page-heading.tsx';
import { Problem } from '../../components/problem.tsx';
import { isLacking } from '../../service/lacking.ts';
import { useNode } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { NotFound } from '../../shell/not-found.tsx';
import { strings } from '../../strings.ts';
import { IdentityTab } from './identity-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { PeersTab } from './peers-tab.tsx';
import { RootsTab } from './roots-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';

const words = strings.node;

const tabs: readonly (readonly [string, string, () => ReactNode])[] = [
  ['identity', words.title, IdentityTab],
  ['peers', words.peers, PeersTab],
  ['roots', words.roots, RootsTab],
  ['settings', words.settings, SettingsTab],
  ['log', words.log, LogTab],
];

/** The page. */
export function NodePage(): ReactNode {
  const { name: service } = useService();
  const [location, go] = useLocation();
  const base = `/s/${encodeURIComponent(service)}/node`;
  const part = location.slice(base.length + 1);
  const { error } = useNode();
  const shown = part === '' ? 'identity' : part;
  if (!tabs.some(([value]) => value === shown)) return <NotFound />;
  return (
    <Stack gap="md">
      <PageHeading>{words.title}</PageHeading>
      {isLacking(error) ? (
        <Problem error={error} />
      ) : (
        <Tabs
          value={shown}
          keepMounted={false}
          onChange={(tab) => {
            go(tab === 'identity' || tab === null ? base : `${base}/${tab}`);
          }}
        >
          <Tabs.List>
            {tabs.map(([value, label]) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tabs.map(([value, , Tab]) => (
            <Tabs.Panel key={value} value={value} pt="md">
              <Tab />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Stack>
  );
}
