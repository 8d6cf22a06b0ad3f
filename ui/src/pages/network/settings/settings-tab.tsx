/** The settings of a network as one form: what a change does is shown before it is saved, and there is a way back after it. */
import '../network.css';

import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';

import type { NetworkV1 } from '../../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../../src/base/ids.ts';
import { useKept, useLeaveWarning } from '../../../components/kept-state.ts';
import { useSaved } from '../../../components/use-saved.tsx';
import { keys } from '../../../service/keys.ts';
import { putAnswer } from '../../../service/put-answer.ts';
import { useService } from '../../../service/service.tsx';
import { settings as words } from '../../../strings/settings.ts';
import { changedNames, differences, type SettingName } from './network-settings.ts';
import { Differences, PreviewDialog } from './preview-dialog.tsx';
import { sendSettings } from './send-settings.ts';
import {
  checkDraft,
  draftOf,
  rebased,
  touchedNames,
  type SettingsDraft,
} from './settings-draft.ts';
import { SettingsFields } from './settings-fields.tsx';

/** What somebody has typed, and what it was typed over. */
interface Edit {
  readonly base: NetworkV1;
  readonly draft: SettingsDraft;
}

/** A change that was made: the way back. */
interface Saved {
  readonly before: NetworkV1;
  readonly after: NetworkV1;
  readonly names: readonly SettingName[];
}

/** The form. @param network - as it is known now; it changes while it is looked at */
export function SettingsTab({
  id,
  network,
}: {
  readonly id: NetworkId;
  readonly network: NetworkV1;
}): ReactNode {
  const { name: service, client } = useService();
  const queries = useQueryClient();
  const [edit, setEdit] = useKept<Edit>(`settings ${service} ${network.id}`);
  const [isTried, setIsTried] = useState(false);
  const [isLooking, setIsLooking] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  const typedOver = edit?.base ?? network;
  const isConflict = changedNames(typedOver, network).length > 0;
  const base = isConflict ? typedOver : network;
  const draft = edit?.draft ?? draftOf(network);
  const touched = edit === null ? [] : touchedNames(base, draft);
  const checked = checkDraft(draft);
  const isDirty = touched.length > 0;
  useLeaveWarning(isDirty);

  const take = (latest: NetworkV1): Promise<void> =>
    putAnswer(queries, keys.network(service, network.id), () => latest);
  const change = (fields: Partial<SettingsDraft>): void => {
    const next = { ...draft, ...fields };
    setEdit(touchedNames(base, next).length === 0 ? null : { base, draft: next });
  };
  const drop = (): void => {
    setEdit(null);
    setIsTried(false);
  };
  const { note, notice } = useSaved<Saved>({
    key: `saved settings ${service} ${network.id}`,
    words,
    takeBack: async ({ before, after, names }) => {
      const sent = await sendSettings(client, id, { base: after, settings: before, names });
      await take(sent.network);
      return sent.kind === 'saved';
    },
  });
  const save = async (): Promise<void> => {
    if (checked.kind !== 'settings') return;
    const sent = await sendSettings(client, id, {
      base,
      settings: checked.settings,
      names: touched,
    });
    await take(sent.network);
    setIsLooking(false);
    if (sent.kind === 'conflict') return;
    drop();
    note({ before: base, after: sent.network, names: touched });
  };
  const errorOf = (field: string): string | undefined => {
    if (checked.kind === 'settings') return undefined;
    const error = checked.errors.get(field);
    // What nobody has filled in yet is not wrong before it is to be saved.
    return isTried || !isEmptyRow(draft, field) ? error : undefined;
  };
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setIsTried(true);
        if (checked.kind === 'settings' && !isConflict) setIsLooking(isDirty);
        // After the fields have got their errors.
        else
          requestAnimationFrame(() => {
            form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
          });
      }}
    >
      <Stack maw={720}>
        {notice}
        {isConflict && (
          <Conflict
            base={base}
            latest={network}
            touched={touched}
            onKeep={() => {
              setEdit({ base: network, draft: rebased(base, draft, network) });
            }}
            onTake={drop}
          />
        )}
        <SettingsFields draft={draft} errorOf={errorOf} onChange={change} />
        <Group className="actions" role="group">
          <Button type="submit" disabled={!isDirty || isConflict}>
            {words.look}
          </Button>
          <Button variant="default" disabled={!isDirty} onClick={drop}>
            {words.discard}
          </Button>
          <Text size="sm" role="status">
            {isTried && checked.kind === 'errors'
              ? words.errors.some(checked.errors.size)
              : isDirty && words.unsaved}
          </Text>
        </Group>
      </Stack>
      {isLooking && checked.kind === 'settings' && (
        <PreviewDialog
          id={id}
          before={base}
          after={checked.settings}
          onSave={save}
          onClose={() => {
            setIsLooking(false);
          }}
        />
      )}
    </form>
  );
}

function isEmptyRow(draft: SettingsDraft, field: string): boolean {
  const [list, at] = field.split('.');
  if (list !== 'routes' && list !== 'pools') return false;
  const row = draft[list][Number(at)];
  return row !== undefined && Object.values(row).every((text) => text === '');
}

function Conflict({
  base,
  latest,
  touched,
  onKeep,
  onTake,
}: {
  readonly base: NetworkV1;
  readonly latest: NetworkV1;
  readonly touched: readonly SettingName[];
  readonly onKeep: () => void;
  readonly onTake: () => void;
}): ReactNode {
  return (
    <Alert color="yellow" title={words.conflict.title} role="alert">
      <Stack gap="xs">
        <Differences
          list={differences(base, latest)}
          heads={[words.conflict.read, words.conflict.byNow]}
          mark={({ name }) => (touched.includes(name) ? words.conflict.both : null)}
        />
        <Text size="sm">{words.conflict.hint}</Text>
        <Group>
          <Button size="compact-sm" variant="default" onClick={onKeep}>
            {words.conflict.keep}
          </Button>
          <Button size="compact-sm" variant="default" onClick={onTake}>
            {words.conflict.take}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
