/** One member: what is known of it and whose word that is, what happens to it, what it has, and what was done with it. */
import '../members/members.css';

import { Anchor, Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useCallback, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

import type { MemberV1, NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { errorCode } from '../../../../src/base/errors.ts';
import { escapeText } from '../../../../src/base/escape.ts';
import {
  formatAddress,
  formatU64,
  type Address,
  type NetworkId,
} from '../../../../src/base/ids.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { useKept } from '../../components/kept-state.ts';
import { Empty, Loaded } from '../../components/loaded.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useGone } from '../../service/gone.ts';
import { latenciesOf } from '../../service/latencies.ts';
import { useMember, useNetwork } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { useOpenSession } from '../../service/session.tsx';
import { strings } from '../../strings.ts';
import { draftKey, draftTo, emptyDraft, type RunDraft } from '../measure/run-draft.ts';
import { FactsTable } from '../members/facts-table.tsx';
import type { MemberPartProps } from '../members/member-cells.tsx';
import { memberName } from '../members/member-name.ts';
import { Sparkline } from '../members/sparkline.tsx';
import { goneOf, useMemberActions } from '../members/use-member-actions.tsx';
import { networkName } from '../networks/network-name.ts';
import { Credentials } from './credentials.tsx';
import { EventList } from './event-list.tsx';
import { History } from './history.tsx';

const words = strings.members;

/** The page. */
export function MemberPage({
  id,
  address,
}: {
  readonly id: NetworkId;
  readonly address: Address;
}): ReactNode {
  const { name: service } = useService();
  const network = useNetwork(id);
  const member = useMember(id, address);
  const isGone = useGone(goneOf(service, formatU64(id)));
  const base = `/s/${encodeURIComponent(service)}/networks/${formatU64(id)}`;
  const isMissing =
    isGone(formatAddress(address)) || errorCode(member.error) === 'MANAGEMENT_NOT_FOUND';
  return (
    <Loaded query={network}>
      {(ofNetwork) => (
        <Stack gap="md">
          <Anchor component={Link} href={base} size="sm">
            {words.page.back(networkName(ofNetwork))}
          </Anchor>
          {isMissing ? (
            <Empty title={words.page.missing}>
              <Text c="dimmed">{words.page.missingHint}</Text>
            </Empty>
          ) : (
            <Loaded query={member}>
              {(known) => <Known id={id} base={base} network={ofNetwork} member={known} />}
            </Loaded>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

function Known({
  id,
  base,
  network,
  member,
}: {
  readonly id: NetworkId;
  readonly base: string;
  readonly network: NetworkV1;
  readonly member: MemberV1;
}): ReactNode {
  const { name: service } = useService();
  const [, go] = useLocation();
  const onDeleted = useCallback(() => {
    go(base);
  }, [base, go]);
  const { actions, dialog } = useMemberActions(id, network, onDeleted);
  const samples = latenciesOf(service, network.id, member.address);
  return (
    <>
      <Group gap="sm">
        <PageHeading className="fact-value">{memberName(member)}</PageHeading>
        <StateBadge state={member.state} />
        {member.isActiveBridge && (
          <Badge variant="default" className="state">
            {words.bridge}
          </Badge>
        )}
        <CopyText text={member.address} label={words.columns.address} />
      </Group>
      <Text>{member.why}</Text>
      {member.description !== null && member.description !== '' && (
        <Text size="sm" className="fact-value">
          {escapeText(member.description, 4096)}
        </Text>
      )}
      <Actions member={member} actions={actions} />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Part title={words.page.known}>
          <FactsTable member={member} />
          {samples.length > 1 && (
            <Group gap="sm">
              <Text size="sm">{words.page.latencies}</Text>
              <Sparkline samples={samples} />
            </Group>
          )}
        </Part>
        <Part title={words.page.credentials}>
          <Credentials member={member} href={actions.href} />
        </Part>
        <Part title={words.page.events}>
          <EventList network={network.id} address={member.address} />
        </Part>
        <Part title={words.page.history}>
          <History member={member} />
        </Part>
      </SimpleGrid>
      {dialog}
    </>
  );
}

function Actions({ member, actions }: MemberPartProps): ReactNode {
  const { isAuthorized, isBanned } = member;
  const button = (label: string, act: () => void): ReactNode => (
    <Button size="compact-md" variant="default" onClick={act}>
      {label}
    </Button>
  );
  return (
    <Group gap="xs">
      {!isAuthorized && !isBanned && (
        <Button
          size="compact-md"
          onClick={() => {
            actions.authorize([member]);
          }}
        >
          {words.authorize}
        </Button>
      )}
      {isBanned &&
        button(words.unban, () => {
          actions.unban([member]);
        })}
      {isAuthorized &&
        button(words.deauthorize, () => {
          actions.remove('deauthorize', [member]);
        })}
      {button(words.edit, () => {
        actions.edit(member);
      })}
      {actions.canBan &&
        !isBanned &&
        button(words.ban, () => {
          actions.remove('ban', [member]);
        })}
      {button(words.delete, () => {
        actions.remove('delete', [member]);
      })}
      <Compare member={member} />
    </Group>
  );
}

/** To the form of a comparison, with the two ways to the member in it; nothing where one of them is not known. */
function Compare({ member }: Pick<MemberPartProps, 'member'>): ReactNode {
  const { name: service } = useService();
  const { mayMeasure } = useOpenSession();
  const [, go] = useLocation();
  const [kept, keep] = useKept<RunDraft>(draftKey);
  const draft = draftTo(member, kept ?? emptyDraft);
  if (!mayMeasure || draft === null) return null;
  return (
    <Button
      size="compact-md"
      variant="default"
      onClick={() => {
        keep(draft);
        go(`/s/${encodeURIComponent(service)}/measure/new`);
      }}
    >
      {words.page.compare}
    </Button>
  );
}

function Part({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Card withBorder padding="md" component="section">
      <Stack gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  );
}
