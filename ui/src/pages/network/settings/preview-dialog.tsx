/** What a change does, before it is made. */
import { Alert, Badge, Button, Group, List, ScrollArea, Table, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { escapeText } from '../../../../../src/base/escape.ts';
import type { NetworkId } from '../../../../../src/base/ids.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { Problem } from '../../../components/problem.tsx';
import { useMembers } from '../../../service/queries.ts';
import { settings as words } from '../../../strings/settings.ts';
import { strings } from '../../../strings.ts';
import { effectsOf } from './effects.ts';
import { differences, type Difference, type NetworkSettings } from './network-settings.ts';

/** The dialogue. @param onSave - does it; what it throws is shown here */
export function PreviewDialog({
  id,
  before,
  after,
  onSave,
  onClose,
}: {
  readonly id: NetworkId;
  readonly before: NetworkSettings;
  readonly after: NetworkSettings;
  readonly onSave: () => Promise<void>;
  readonly onClose: () => void;
}): ReactNode {
  const { mutate, isPending, error } = useMutation({ mutationFn: onSave });
  return (
    <Dialog onClose={onClose} size="lg" title={words.preview.title}>
      <Effects id={id} before={before} after={after} />
      <Differences list={differences(before, after)} />
      {error !== null && <Problem error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {strings.cancel}
        </Button>
        <Button
          data-autofocus
          loading={isPending}
          onClick={() => {
            mutate();
          }}
        >
          {strings.save}
        </Button>
      </Group>
    </Dialog>
  );
}

function Effects({
  id,
  before,
  after,
}: {
  readonly id: NetworkId;
  readonly before: NetworkSettings;
  readonly after: NetworkSettings;
}): ReactNode {
  const { data, error } = useMembers(id);
  if (data === undefined && error === null) return <Text aria-busy="true">{strings.loading}</Text>;
  const effects = effectsOf({ before, after, members: data ?? [] });
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {words.preview.effects}
      </Title>
      {error !== null && (
        <Alert color="yellow" mb="xs">
          {words.preview.membersAway}
        </Alert>
      )}
      <List className="effects" size="sm">
        {effects.length === 0 && <List.Item>{words.effects.none}</List.Item>}
        {effects.map(({ tone, text }) => (
          <List.Item key={text}>
            {tone === 'warning' && (
              <Badge color="yellow" variant="light" className="state" mr="xs">
                {words.preview.warning}
              </Badge>
            )}
            {text}
          </List.Item>
        ))}
      </List>
    </section>
  );
}

/** What is different, as a table. @param mark - settings that have a word beside their name */
export function Differences({
  list,
  heads: [before, after] = [words.preview.before, words.preview.after],
  mark,
}: {
  readonly list: readonly Difference[];
  readonly heads?: readonly [string, string];
  readonly mark?: (difference: Difference) => string | null;
}): ReactNode {
  return (
    <ScrollArea tabIndex={0} role="region" aria-label={words.preview.changes}>
      <Table fz="sm" className="differences">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{words.preview.setting}</Table.Th>
            <Table.Th scope="col">{before}</Table.Th>
            <Table.Th scope="col">{after}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map((difference) => (
            <Table.Tr key={difference.name}>
              <Table.Th scope="row">
                {words.names[difference.name]}
                {mark?.(difference) && (
                  <Text size="xs" fw={400}>
                    {mark(difference)}
                  </Text>
                )}
              </Table.Th>
              <Table.Td>{escapeText(difference.before, 4_096)}</Table.Td>
              <Table.Td>{escapeText(difference.after, 4_096)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
