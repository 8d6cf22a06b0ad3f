/** The settings of the node, as `local.conf` has them. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import type { SettingsV1 } from '../../../../src/api/schema/v1-node.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Problem } from '../../components/problem.tsx';
import { keys } from '../../service/keys.ts';
import { useSettings } from '../../service/queries.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';

const words = strings.node;

/** The form. */
export function SettingsTab(): ReactNode {
  return <Loaded query={useSettings()}>{(settings) => <Form settings={settings} />}</Loaded>;
}

function Form({ settings }: { readonly settings: SettingsV1 }): ReactNode {
  const { name: service, client } = useService();
  const { say } = useNotices();
  const queries = useQueryClient();
  const now = JSON.stringify(settings['settings'] ?? {}, null, 2);
  const [text, setText] = useState(now);
  const [error, setError] = useState<unknown>(null);
  const value = parsed(text);
  const save = async (): Promise<void> => {
    if (value === null) return;
    setError(null);
    try {
      await client.changeSettings(value);
      say(words.settingsSaved);
      await queries.invalidateQueries({ queryKey: keys.settings(service) });
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack maw={640}>
        <Text>{words.settingsHint}</Text>
        <Textarea
          label={words.settingsLabel}
          value={text}
          autosize
          minRows={6}
          spellCheck={false}
          classNames={{ input: 'code-input' }}
          error={value === null ? words.settingsInvalid : null}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        {error !== null && <Problem error={error} />}
        <Group>
          <Button type="submit" disabled={value === null || text === now}>
            {strings.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function parsed(text: string): SettingsV1 | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as SettingsV1)
      : null;
  } catch {
    return null;
  }
}
