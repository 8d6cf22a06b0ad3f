/** Making a network: a name, who may come in, and a range of addresses. */
import { Button, Group, Stack, Switch, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';

import { addressRange } from '../../../../src/api/address-range.ts';
import type { NetworkPatchV1 } from '../../../../src/api/schema/v1.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Problem } from '../../components/problem.tsx';
import { keys } from '../../service/keys.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';

const words = strings.networks;

/** The settings of a range; empty: no addresses are given. Null: it is no range. */
function settingsOf(text: string): NetworkPatchV1 | null {
  if (text.trim() === '') return { assignsIpv4: false };
  const range = addressRange(text);
  return range === null ? null : { assignsIpv4: true, routes: [range.route], pools: [range.pool] };
}

/** The dialogue. */
export function CreateNetwork({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { name: service, client } = useService();
  const { say } = useNotices();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [isPrivate, setIsPrivate] = useState(true);
  const [range, setRange] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const settings = settingsOf(range);
  const submit = async (): Promise<void> => {
    if (settings === null) return;
    setIsBusy(true);
    try {
      const made = await client.createNetwork({ name: name.trim(), isPrivate, ...settings });
      say(words.created(made.name === '' ? made.id : made.name));
      void queries.invalidateQueries({ queryKey: keys.networkList(service) });
      go(`/s/${encodeURIComponent(service)}/networks/${made.id}`);
    } catch (problem) {
      setError(problem);
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={words.create} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          <TextInput
            label={words.name}
            description={words.nameHint}
            maxLength={127}
            data-autofocus
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Switch
            label={words.privateLabel}
            checked={isPrivate}
            onChange={(event) => {
              setIsPrivate(event.currentTarget.checked);
            }}
          />
          <TextInput
            label={words.rangeLabel}
            description={words.rangeNone}
            value={range}
            error={settings === null ? words.rangeInvalid : null}
            onChange={(event) => {
              setRange(event.currentTarget.value);
            }}
          />
          {error !== null && <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {strings.cancel}
            </Button>
            <Button type="submit" loading={isBusy} disabled={settings === null}>
              {words.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
