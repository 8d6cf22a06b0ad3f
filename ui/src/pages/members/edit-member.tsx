/** What a person sets of a member: name, description, addresses, and whether it is a bridge. */
import { List, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';

import type { MemberV1, NetworkV1 } from '../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../src/base/ids.ts';
import { Dialog } from '../../components/dialog.tsx';
import { DialogForm } from '../../components/dialog-form.tsx';
import { useMemberCommands } from '../../service/member-commands.ts';
import { useMembers } from '../../service/queries.ts';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';
import { ipList, ipsMax, type IpOddity } from './ip-list.ts';
import { isName, memberName, nameMax } from './member-name.ts';
import { memberPatch, undoPatch, type MemberForm } from './member-patch.ts';

const words = strings.members.settings;

/** The dialogue. Only what was changed is sent. */
export function EditMember({
  id,
  member,
  network,
  onClose,
}: {
  readonly id: NetworkId;
  readonly member: MemberV1;
  readonly network: NetworkV1;
  readonly onClose: () => void;
}): ReactNode {
  const commands = useMemberCommands(id);
  const { say, fail } = useNotices();
  const [form, setForm] = useState<MemberForm>(() => ({
    name: member.name,
    description: member.description ?? '',
    ips: member.ipAssignments.join('\n'),
    noAutoAssignIps: member.noAutoAssignIps,
    isActiveBridge: member.isActiveBridge,
  }));
  const set = (change: Partial<MemberForm>): void => {
    setForm((known) => ({ ...known, ...change }));
  };
  const holders = useHolders(id, member.address);
  const { ips, oddities } = ipList(form.ips, network.routes, holders);
  const isTooMany = ips.length > ipsMax;
  const isInvalid = isTooMany || oddities.some(({ kind }) => kind === 'invalid');
  const isNamed = isName(form.name);
  const submit = async (): Promise<void> => {
    const patch = memberPatch(member, form, ips);
    if (Object.keys(patch).length > 0) {
      await commands.change(member.address, patch);
      say(words.saved(memberName({ ...member, name: form.name })), () => {
        commands.change(member.address, undoPatch(member, patch)).catch(fail);
      });
    }
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={words.title(memberName(member))}>
      <DialogForm
        action={strings.save}
        isReady={!isInvalid && isNamed}
        onSubmit={submit}
        onClose={onClose}
      >
        <TextInput
          label={words.name}
          maxLength={nameMax}
          data-autofocus
          value={form.name}
          error={isNamed ? null : strings.members.nameInvalid}
          onChange={(event) => {
            set({ name: event.currentTarget.value });
          }}
        />
        {member.description !== null && (
          <Textarea
            label={words.description}
            autosize
            minRows={1}
            maxRows={6}
            maxLength={4096}
            value={form.description}
            onChange={(event) => {
              set({ description: event.currentTarget.value });
            }}
          />
        )}
        <Textarea
          label={words.ips}
          description={words.ipsHint}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          value={form.ips}
          error={isInvalid ? <Oddities oddities={oddities} isTooMany={isTooMany} /> : null}
          onChange={(event) => {
            set({ ips: event.currentTarget.value });
          }}
        />
        {!isInvalid && oddities.length > 0 && (
          <Text component="div" size="sm" role="status">
            <Oddities oddities={oddities} isTooMany={false} />
          </Text>
        )}
        <Switch
          label={words.noAutoAssign}
          checked={form.noAutoAssignIps}
          onChange={(event) => {
            set({ noAutoAssignIps: event.currentTarget.checked });
          }}
        />
        <Switch
          label={words.bridge}
          checked={form.isActiveBridge}
          onChange={(event) => {
            set({ isActiveBridge: event.currentTarget.checked });
          }}
        />
      </DialogForm>
    </Dialog>
  );
}

function Oddities({
  oddities,
  isTooMany,
}: {
  readonly oddities: readonly IpOddity[];
  readonly isTooMany: boolean;
}): ReactNode {
  return (
    <List component="ul" size="sm">
      {isTooMany && <List.Item>{words.ipsTooMany(ipsMax)}</List.Item>}
      {oddities.map((oddity) => (
        <List.Item key={`${oddity.kind} ${oddity.ip}`}>{oddityText(oddity)}</List.Item>
      ))}
    </List>
  );
}

function oddityText({ ip, kind, by }: IpOddity): string {
  switch (kind) {
    case 'invalid':
      return words.ipInvalid(ip);
    case 'unrouted':
      return words.ipUnrouted(ip);
    case 'taken':
      return words.ipTaken(ip, by);
  }
}

/** Who has an address in the network, but for one member. */
function useHolders(id: NetworkId, except: string): ReadonlyMap<string, string> {
  const { data } = useMembers(id);
  return useMemo(
    () =>
      new Map(
        (data ?? [])
          .filter(({ address }) => address !== except)
          .flatMap((each) => each.ipAssignments.map((ip) => [ip, memberName(each)] as const)),
      ),
    [data, except],
  );
}
