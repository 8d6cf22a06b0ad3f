/** The members of a network; who waits is on top. */
import { Button, Group, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import type { NetworkV1 } from '../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../src/base/ids.ts';
import { Loaded } from '../../components/loaded.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useMembers } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';

/** The list. */
export function MembersTab({
  id,
}: {
  readonly id: NetworkId;
  readonly network: NetworkV1;
}): ReactNode {
  const { client } = useService();
  const { fail } = useNotices();
  const query = useMembers(id);
  return (
    <Loaded query={query} isEmpty={(all) => all.length === 0} empty={<Text>nobody yet</Text>}>
      {(members) => (
        <Stack>
          <Table>
            <Table.Tbody>
              {members.map((member) => (
                <Table.Tr key={member.address}>
                  <Table.Td>{member.name}</Table.Td>
                  <Table.Td>{member.address}</Table.Td>
                  <Table.Td>
                    <StateBadge state={member.state} why={member.why} />
                  </Table.Td>
                  <Table.Td>{member.ipAssignments.join(' ')}</Table.Td>
                  <Table.Td>
                    <RelativeTime at={member.heard.askedAt} />
                  </Table.Td>
                  <Table.Td>
                    <Group>
                      {!member.isAuthorized && (
                        <Button
                          size="compact-sm"
                          onClick={() => {
                            client.changeMembers(id, { authorize: [member.address] }).catch(fail);
                          }}
                        >
                          Authorise
                        </Button>
                      )}
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      )}
    </Loaded>
  );
}
