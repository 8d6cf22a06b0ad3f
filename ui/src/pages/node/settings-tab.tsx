/** The settings of the node, as `local.conf` has them. */
import { Alert, Button, Code, Group, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import type { SettingsV1 } from '../../../../src/api/schema/v1-node.ts';
import { useKept, useLeaveWarning } from '../../components/kept-state.ts';
import { Loaded } from '../../components/loaded.tsx';
import { Problem } from '../../components/problem.tsx';
import { useSaved } from '../../components/use-saved.tsx';
import { keys } from '../../service/keys.ts';
import { useSettings } from '../../service/queries.ts';
import { putAnswer } from '../../service/put-answer.ts';
import { useService } from '../../service/service.tsx';
import { settings as form } from '../../strings/settings.ts';
import { strings } from '../../strings.ts';
import { NodeSettingsFields } from './node-settings-fields.tsx';
import {
  changesOf,
  isSame,
  parsed,
  sendSettings,
  settingsIn,
  textOf,
  withChanges,
} from './node-settings.ts';

const words = strings.node;

/** What somebody has typed, and in place of what. */
interface Edit {
  readonly base: SettingsV1;
  readonly text: string;
}

/** A change that was made: the way back. */
interface Saved {
  readonly before: SettingsV1;
  readonly after: SettingsV1;
}

/** The form. */
export function SettingsTab(): ReactNode {
  return <Loaded query={useSettings()}>{(conf) => <Form settings={settingsIn(conf)} />}</Loaded>;
}

/** @param settings - as they are known now; they change while they are looked at */
function Form({ settings }: { readonly settings: SettingsV1 }): ReactNode {
  const { name: service, client } = useService();
  const queries = useQueryClient();
  const [edit, setEdit] = useKept<Edit>(`node settings ${service}`);

  const isConflict = edit !== null && !isSame(edit.base, settings);
  const base = isConflict ? edit.base : settings;
  const text = edit?.text ?? textOf(settings);
  const value = parsed(text);
  const isDirty = edit !== null;
  useLeaveWarning(isDirty);

  const change = (next: string): void => {
    setEdit(next === textOf(base) ? null : { base, text: next });
  };
  const send = async (from: SettingsV1, to: SettingsV1): Promise<SettingsV1 | null> => {
    const { isSaved, conf } = await sendSettings(client, from, to);
    await putAnswer(queries, keys.settings(service), () => conf);
    return isSaved ? settingsIn(conf) : null;
  };
  const { note, notice } = useSaved<Saved>({
    key: `saved node settings ${service}`,
    words: { ...form, undoConflict: words.undoConflict },
    takeBack: async ({ before, after }) => (await send(after, before)) !== null,
  });
  const saving = useMutation({
    mutationFn: async (next: SettingsV1) => {
      const after = await send(base, next);
      if (after === null) return;
      setEdit(null);
      note({ before: base, after });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== null && !isConflict && !saving.isPending) saving.mutate(value);
      }}
    >
      <Stack maw={640}>
        {notice}
        {isConflict && (
          <Conflict
            settings={settings}
            onKeep={
              value === null
                ? null
                : () => {
                    const mine = withChanges(settings, changesOf(base, value));
                    setEdit({ base: settings, text: textOf(mine) });
                  }
            }
            onTake={() => {
              setEdit(null);
            }}
          />
        )}
        <Text>{words.settingsHint}</Text>
        {value !== null && (
          <NodeSettingsFields
            settings={value}
            onChange={(name, setting) => {
              change(textOf(withChanges(value, { [name]: setting })));
            }}
          />
        )}
        <details className="more">
          <summary>{words.settingsAsJson}</summary>
          <Textarea
            mt="xs"
            label={words.settingsLabel}
            value={text}
            autosize
            minRows={6}
            spellCheck={false}
            classNames={{ input: 'code-input' }}
            error={value === null ? words.settingsInvalid : null}
            onChange={(event) => {
              change(event.currentTarget.value);
            }}
          />
        </details>
        {saving.error !== null && <Problem error={saving.error} />}
        <Group>
          <Button
            type="submit"
            disabled={!isDirty || value === null || isConflict}
            loading={saving.isPending}
          >
            {strings.save}
          </Button>
          <Button
            variant="default"
            disabled={!isDirty}
            onClick={() => {
              setEdit(null);
            }}
          >
            {form.discard}
          </Button>
          <Text size="sm" role="status">
            {isDirty && form.unsaved}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

/** @param onKeep - null: what was typed is no JSON yet */
function Conflict({
  settings,
  onKeep,
  onTake,
}: {
  readonly settings: SettingsV1;
  readonly onKeep: (() => void) | null;
  readonly onTake: () => void;
}): ReactNode {
  return (
    <Alert color="yellow" title={form.conflict.title} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{form.conflict.byNow}</Text>
        <Code block>{textOf(settings)}</Code>
        <Text size="sm">{form.conflict.hint}</Text>
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            disabled={onKeep === null}
            onClick={onKeep ?? undefined}
          >
            {form.conflict.keep}
          </Button>
          <Button size="compact-sm" variant="default" onClick={onTake}>
            {form.conflict.take}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
