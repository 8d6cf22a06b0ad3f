/** Making an API token: what it is for, what it may do, until when; it is shown once. */
import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import type { TokenV1 } from '../../../../src/api/schema/v1.ts';
import { CopyText } from '../../components/copy-text.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { DialogForm } from '../../components/dialog-form.tsx';
import { useService } from '../../service/service.tsx';
import { access } from '../../strings/access.ts';
import { lastsOf, lastsOptions } from './lasts.ts';

const words = access.tokens;
const monthsMs = '7776000000';
type Scope = TokenV1['scopes'][number];
const scopes = Object.keys(words.scope) as readonly Scope[];

/** The dialogue. @param onMade - there is another one now */
export function CreateToken({
  onMade,
  onClose,
}: {
  readonly onMade: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useService();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(['read']);
  const [lasts, setLasts] = useState(monthsMs);
  const [token, setToken] = useState<string | null>(null);
  const [isTried, setIsTried] = useState(false);
  const isNamed = name.trim() !== '';
  const submit = async (): Promise<void> => {
    setIsTried(true);
    if (!isNamed || chosen.length === 0) return;
    const made = await client.createToken({
      name: name.trim(),
      scopes: scopes.filter((scope) => chosen.includes(scope)),
      expiresInMs: lastsOf(lasts),
    });
    setToken(made.token);
    onMade();
  };
  return (
    <Dialog
      onClose={onClose}
      title={token === null ? words.create : words.made}
      isKept={token !== null}
    >
      {token !== null ? (
        <Stack>
          <Text size="sm" role="status">
            {access.once}
          </Text>
          <CopyText text={token} label={words.token} />
          <div>
            <Text size="sm" fw={600}>
              {words.use}
            </Text>
            <CopyText text={`Authorization: Bearer ${token}`} label={words.use} />
          </div>
          <Group justify="flex-end">
            <Button onClick={onClose}>{access.done}</Button>
          </Group>
        </Stack>
      ) : (
        <DialogForm action={words.create} onSubmit={submit} onClose={onClose}>
          <TextInput
            label={words.name}
            description={words.nameHint}
            maxLength={127}
            data-autofocus
            value={name}
            error={isTried && !isNamed ? words.nameMissing : null}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          />
          <Checkbox.Group
            label={words.scopes}
            value={[...chosen]}
            error={chosen.length === 0 ? words.scopesMissing : null}
            onChange={setChosen}
          >
            <Stack gap="xs" mt="xs">
              {scopes.map((scope) => (
                <Checkbox key={scope} value={scope} label={words.scope[scope]} />
              ))}
            </Stack>
          </Checkbox.Group>
          <NativeSelect
            label={access.ends}
            data={lastsOptions}
            value={lasts}
            onChange={(event) => {
              setLasts(event.currentTarget.value);
            }}
          />
        </DialogForm>
      )}
    </Dialog>
  );
}
