/** The fields of all settings, with what is wrong beside each. */
import { Fieldset, Group, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

import { settings as words } from '../../../strings/settings.ts';
import { PoolFields, RouteFields, type FieldErrors } from './list-fields.tsx';
import type { SettingsDraft } from './settings-draft.ts';

type TextField = 'name' | 'domain' | 'servers' | 'mtu' | 'multicastLimit';
type SwitchField =
  'isPrivate' | 'assignsIpv4' | 'assignsIpv6' | 'assignsRfc4193' | 'assigns6plane' | 'hasBroadcast';

/** All of them. */
export function SettingsFields({
  draft,
  errorOf,
  onChange,
}: {
  readonly draft: SettingsDraft;
  readonly errorOf: FieldErrors;
  readonly onChange: (change: Partial<SettingsDraft>) => void;
}): ReactNode {
  const text = (field: TextField, label: string, hint?: string): ReactNode => (
    <TextInput
      label={label}
      description={hint}
      value={draft[field]}
      error={errorOf(field)}
      autoComplete="off"
      onChange={(event) => {
        onChange({ [field]: event.currentTarget.value });
      }}
    />
  );
  const flag = (field: SwitchField): ReactNode => (
    <Switch
      label={words.labels[field]}
      checked={draft[field]}
      onChange={(event) => {
        onChange({ [field]: event.currentTarget.checked });
      }}
    />
  );
  return (
    <>
      <Fieldset legend={words.parts.general}>
        <Stack>
          {text('name', words.labels.name, words.hints.name)}
          {draft.description !== null && (
            <Textarea
              label={words.labels.description}
              description={words.hints.description}
              value={draft.description}
              error={errorOf('description')}
              autosize
              minRows={2}
              maxRows={10}
              onChange={(event) => {
                onChange({ description: event.currentTarget.value });
              }}
            />
          )}
          {flag('isPrivate')}
        </Stack>
      </Fieldset>
      <Fieldset legend={words.parts.addresses}>
        <Stack>
          <RouteFields
            routes={draft.routes}
            errorOf={errorOf}
            onChange={(routes) => {
              onChange({ routes });
            }}
          />
          <PoolFields
            pools={draft.pools}
            errorOf={errorOf}
            onChange={(pools) => {
              onChange({ pools });
            }}
          />
          {flag('assignsIpv4')}
        </Stack>
      </Fieldset>
      <Fieldset legend={words.parts.ipv6}>
        <Stack>
          {flag('assignsRfc4193')}
          {flag('assigns6plane')}
          {flag('assignsIpv6')}
        </Stack>
      </Fieldset>
      <Fieldset legend={words.parts.dns}>
        <Stack>
          <Text size="xs" c="dimmed">
            {words.hints.dns}
          </Text>
          {text('domain', words.domain)}
          {text('servers', words.servers, words.hints.servers)}
        </Stack>
      </Fieldset>
      <Fieldset legend={words.parts.traffic}>
        <Stack>
          <Group align="flex-start" className="settings">
            {text('multicastLimit', words.labels.multicastLimit, words.hints.multicastLimit)}
            {text('mtu', words.labels.mtu, words.hints.mtu)}
          </Group>
          {flag('hasBroadcast')}
        </Stack>
      </Fieldset>
    </>
  );
}
