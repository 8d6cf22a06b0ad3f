/** Making an invitation, and handing it on: it is shown once. */
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import type { NewInviteV1 } from '../../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../../src/base/ids.ts';
import { CopyText } from '../../../components/copy-text.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { DialogForm } from '../../../components/dialog-form.tsx';
import { QrCode } from '../../../components/qr-code.tsx';
import { useOpenSession } from '../../../service/session.tsx';
import { useService } from '../../../service/service.tsx';
import { access } from '../../../strings/access.ts';
import { lastsOf, lastsOptions } from '../../tokens/lasts.ts';

const words = access.invites;
const dayMs = '86400000';

/** Null: any number. NaN: it is no number. */
function usesOf(text: string): number | null {
  if (text.trim() === '') return null;
  return /^[1-9]\d{0,8}$/.test(text.trim()) ? Number(text) : Number.NaN;
}

/** The dialogue. @param onMade - there is another one now */
export function CreateInvite({
  id,
  onMade,
  onClose,
}: {
  readonly id: NetworkId;
  readonly onMade: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useService();
  const [note, setNote] = useState('');
  const [uses, setUses] = useState('1');
  const [lasts, setLasts] = useState(dayMs);
  const [made, setMade] = useState<NewInviteV1 | null>(null);
  const count = usesOf(uses);
  const submit = async (): Promise<void> => {
    const terms = { note: note.trim(), uses: count, expiresInMs: lastsOf(lasts) };
    setMade(await client.createInvite(id, terms));
    onMade();
  };
  return (
    <Dialog
      onClose={onClose}
      title={made === null ? words.create : words.made}
      isKept={made !== null}
    >
      {made !== null ? (
        <Made made={made} onClose={onClose} />
      ) : (
        <DialogForm
          action={words.create}
          isReady={!Number.isNaN(count)}
          onSubmit={submit}
          onClose={onClose}
        >
          <TextInput
            label={words.note}
            description={words.noteHint}
            maxLength={127}
            data-autofocus
            value={note}
            onChange={(event) => {
              setNote(event.currentTarget.value);
            }}
          />
          <NativeSelect
            label={access.ends}
            data={lastsOptions}
            value={lasts}
            onChange={(event) => {
              setLasts(event.currentTarget.value);
            }}
          />
          <TextInput
            label={words.uses}
            description={words.usesHint}
            inputMode="numeric"
            value={uses}
            error={Number.isNaN(count) ? words.usesInvalid : null}
            onChange={(event) => {
              setUses(event.currentTarget.value);
            }}
          />
        </DialogForm>
      )}
    </Dialog>
  );
}

function Made({
  made: { invitation, network },
  onClose,
}: {
  readonly made: NewInviteV1;
  readonly onClose: () => void;
}): ReactNode {
  const { name } = useService();
  const { services } = useOpenSession();
  const joinUrl = services.find((service) => service.name === name)?.joinUrl ?? null;
  // Behind the #, so that no server on the way notes it.
  const link = joinUrl === null ? null : `${joinUrl}${network}#${invitation}`;
  return (
    <Stack>
      <Text size="sm" role="status">
        {access.once}
      </Text>
      <div>
        <Text size="sm" fw={600}>
          {words.invitation}
        </Text>
        <CopyText text={invitation} label={words.invitation} />
      </div>
      <div>
        <Text size="sm" fw={600}>
          {words.command}
        </Text>
        <CopyText text={`overspan join ${invitation}`} label={words.command} />
      </div>
      {link !== null && (
        <div>
          <Text size="sm" fw={600}>
            {words.link}
          </Text>
          <CopyText text={link} label={words.link} />
        </div>
      )}
      <QrCode text={link ?? invitation} label={link === null ? words.qr : words.qrLink} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{access.done}</Button>
      </Group>
    </Stack>
  );
}
