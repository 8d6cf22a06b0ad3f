/** Why a member is in its state: the sentence, and each fact that it rests on. */
import { Anchor, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../src/base/ids.ts';
import { Dialog } from '../../components/dialog.tsx';
import { knownAddress } from '../../service/known-address.ts';
import { useMember } from '../../service/queries.ts';
import { strings } from '../../strings.ts';
import { FactsTable } from './facts-table.tsx';
import { memberName } from './member-name.ts';

const words = strings.members;

/** The dialogue; it follows what happens while it is open. */
export function WhyDialog({
  id,
  member,
  href,
  onClose,
}: {
  readonly id: NetworkId;
  readonly member: MemberV1;
  readonly href: string;
  readonly onClose: () => void;
}): ReactNode {
  const { data } = useMember(id, knownAddress(member.address));
  const now = data ?? member;
  return (
    <Dialog
      onClose={onClose}
      size="lg"
      title={words.whyOf(memberName(now), strings.states[now.state])}
    >
      <Stack>
        <Text>{now.why}</Text>
        <FactsTable member={now} />
        <Anchor component={Link} href={href}>
          {words.memberPage}
        </Anchor>
      </Stack>
    </Dialog>
  );
}
