/** Letting a node in before it asks, by its ID. */
import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import { parseAddress, type NetworkId } from '../../../../src/base/ids.ts';
import { Dialog } from '../../components/dialog.tsx';
import { DialogForm } from '../../components/dialog-form.tsx';
import { useMemberCommands } from '../../service/member-commands.ts';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';
import { isName, memberName, nameMax } from './member-name.ts';

const words = strings.members.add;

/** The dialogue. */
export function AddMember({
  id,
  onClose,
}: {
  readonly id: NetworkId;
  readonly onClose: () => void;
}): ReactNode {
  const commands = useMemberCommands(id);
  const { say } = useNotices();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const address = text.trim().toLowerCase();
  const isValid = parseAddress(address) !== null && isName(name);
  const submit = async (): Promise<void> => {
    await commands.change(address, { isAuthorized: true, ...(name === '' ? {} : { name }) });
    say(words.done(memberName({ name, address })));
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={words.title}>
      <DialogForm
        action={strings.members.authorize}
        isReady={isValid}
        onSubmit={submit}
        onClose={onClose}
      >
        <TextInput
          label={words.address}
          description={words.hint}
          data-autofocus
          spellCheck={false}
          value={text}
          error={address === '' || parseAddress(address) !== null ? null : words.invalid}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <TextInput
          label={words.name}
          maxLength={nameMax}
          value={name}
          error={isName(name) ? null : strings.members.nameInvalid}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
      </DialogForm>
    </Dialog>
  );
}
