/**
 * For whoever was sent a link: what to type, and a tick when the controller has seen the node. The invitation is behind the # of
 * the link: browsers do not send that, and it is not in anybody's log.
 */
import { Alert, Anchor, Container, Stack, Text, Title } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';

import { escapeText } from '../../../src/base/escape.ts';
import { parseJoinText } from '../../../src/base/join-text.ts';
import { CopyText } from '../components/copy-text.tsx';
import { QrCode } from '../components/qr-code.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { Step } from '../components/step.tsx';
import { strings } from '../strings.ts';
import type { InvitationState, KnownInvitation } from './asking.ts';
import { useInvitation } from './invitation.ts';

const words = strings.invited;

/** The page. @param place - where it is */
export function InvitedPage({
  place,
}: {
  readonly place: Pick<Location, 'pathname' | 'hash' | 'href'>;
}): ReactNode {
  const network = /[0-9a-f]{16}/i.exec(place.pathname)?.[0].toLowerCase() ?? '';
  const invitation = useMemo(() => {
    const text = place.hash.slice(1);
    return (parseJoinText(text)?.token ?? null) === null ? null : text;
  }, [place.hash]);
  const state = useInvitation(network, invitation);
  const known = state.kind === 'known' ? state.invitation : null;
  return (
    <Container component="main" size="sm" py="xl">
      <Stack gap="lg">
        <Title order={1} size="h2">
          {known === null || known.name === ''
            ? words.titleUnknown
            : words.title(escapeText(known.name))}
        </Title>
        <Stack gap={4}>
          <Text size="sm" c="dimmed">
            {words.network}
          </Text>
          <CopyText text={network} label={words.network} />
        </Stack>
        <Standing state={state} hasInvitation={invitation !== null} />
        <Steps word={invitation ?? network} hasPlanet={known?.hasPlanet === true} />
        {known !== null && <Seen invitation={known} />}
        <Official network={network} hasPlanet={known?.hasPlanet === true} />
        <Stack gap={4}>
          <Title order={2} size="h4">
            {words.qr}
          </Title>
          <QrCode text={place.href} label={words.qr} />
        </Stack>
      </Stack>
    </Container>
  );
}

function Standing({
  state,
  hasInvitation,
}: {
  readonly state: InvitationState;
  readonly hasInvitation: boolean;
}): ReactNode {
  if (!hasInvitation)
    return (
      <Alert color="yellow" title={words.noInvitation}>
        {words.noInvitationHint}
      </Alert>
    );
  if (state.kind === 'loading') return <Text aria-busy="true">{strings.loading}</Text>;
  if (state.kind === 'away')
    return (
      <Alert color="yellow" title={words.away} role="alert">
        {words.awayHint}
      </Alert>
    );
  if (state.kind === 'problem')
    return (
      <Alert color="red" title={state.message} role="alert">
        {state.remedy}
      </Alert>
    );
  if (state.invitation.isOpen) return <Text>{words.open}</Text>;
  return (
    <Alert color="yellow" title={words.closed}>
      {words.closedHint}
    </Alert>
  );
}

function Steps({
  word,
  hasPlanet,
}: {
  readonly word: string;
  readonly hasPlanet: boolean;
}): ReactNode {
  const planet = hasPlanet ? ' --planet planet' : '';
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {words.steps}
      </Title>
      <Text>{words.install}</Text>
      {hasPlanet && (
        <Text>
          {words.planet}{' '}
          <Anchor href="/planet" download="planet">
            planet
          </Anchor>
        </Text>
      )}
      <Text>{words.start}</Text>
      <CopyText text={`sudo overspan service install${planet}`} label={words.start} />
      <Text size="sm">{words.startPlain}</Text>
      <CopyText text={`sudo overspan up${planet}`} label={words.startPlain} />
      <Text>{words.joinNow}</Text>
      <CopyText text={`sudo overspan join ${word}`} label={words.joinNow} />
    </Stack>
  );
}

function Seen({ invitation }: { readonly invitation: KnownInvitation }): ReactNode {
  const { members } = invitation;
  return (
    <Stack gap="xs" role="status" aria-live="polite">
      {members.length === 0 ? (
        <Text>{words.waiting}</Text>
      ) : (
        <Stack component="ol" gap="xs" p={0} m={0}>
          {members.map(({ address, state }) => (
            <Step key={address} isDone>
              {words.seen} {address}: <StateBadge state={state} />{' '}
              {state === 'ok' || state === 'relayed' ? words.inNetwork : ''}
            </Step>
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function Official({
  network,
  hasPlanet,
}: {
  readonly network: string;
  readonly hasPlanet: boolean;
}): ReactNode {
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {words.official}
      </Title>
      {hasPlanet && <Text>{words.officialPlanet}</Text>}
      <CopyText text={`sudo zerotier-cli join ${network}`} label={words.official} />
      <Text>{words.officialHint}</Text>
      <CopyText text="sudo zerotier-cli info" label={words.officialHint} />
    </Stack>
  );
}
