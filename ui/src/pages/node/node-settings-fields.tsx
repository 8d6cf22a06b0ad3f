/** Fields for the settings of `local.conf` that are changed most; the others are changed as JSON. */
import { Switch, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import type { SettingsV1 } from '../../../../src/api/schema/v1-node.ts';
import { useService } from '../../service/service.tsx';
import { strings } from '../../strings.ts';

const words = strings.node.fields;

/** What fields are given. */
export interface NodeSettingsProps {
  readonly settings: SettingsV1;
  /** Null: it is not set any more. */
  readonly onChange: (name: string, value: unknown) => void;
}

/** All of them. A setting that holds something else than it should is left to who wrote it as JSON. */
export function NodeSettingsFields({ settings, onChange }: NodeSettingsProps): ReactNode {
  const { kind } = useService();
  const { primaryPort, allowTokenInUrl = false } = settings;
  return (
    <>
      <TextInput
        label={words.port}
        description={words.portHint}
        inputMode="numeric"
        maxLength={5}
        autoComplete="off"
        value={typeof primaryPort === 'number' ? String(primaryPort) : ''}
        onChange={({ currentTarget: { value } }) => {
          if (/^\d*$/.test(value)) onChange('primaryPort', value === '' ? null : Number(value));
        }}
      />
      <ListField name="bind" settings={settings} onChange={onChange} />
      <ListField name="interfacePrefixBlacklist" settings={settings} onChange={onChange} />
      {kind === 'overspan' && (
        <Switch
          label={words.allowTokenInUrl}
          description={words.allowTokenInUrlHint}
          checked={allowTokenInUrl === true}
          onChange={({ currentTarget: { checked } }) => {
            onChange('allowTokenInUrl', checked ? true : null);
          }}
        />
      )}
    </>
  );
}

/** One of a line; what is typed stays as it is typed as long as it says what the setting is. */
function ListField({
  name,
  settings,
  onChange,
}: NodeSettingsProps & { readonly name: 'bind' | 'interfacePrefixBlacklist' }): ReactNode {
  const value = settings[name];
  const lines = Array.isArray(value) ? value.map(String).join('\n') : '';
  const [typed, setTyped] = useState(lines);
  return (
    <Textarea
      label={words.lists[name].label}
      description={words.lists[name].hint}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      value={linesOf(typed).join('\n') === lines ? typed : lines}
      onChange={({ currentTarget: { value: text } }) => {
        setTyped(text);
        const list = linesOf(text);
        onChange(name, list.length === 0 ? null : list);
      }}
    />
  );
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
