/** A field and the button that sends what is in it. */
import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { useNotices } from '../shell/notices.tsx';

/** What it shows, and what it is for. */
interface OneFieldFormProps<Value> {
  readonly label: string;
  readonly hint: string;
  /** Of the button. */
  readonly action: string;
  /** @returns what is meant by it; null: nothing that can be sent */
  readonly read: (text: string) => Value | null;
  /** Said of what is none; nothing is said of an empty field. */
  readonly invalid: string;
  /** Where it fails the failure is said, and what was written stays. */
  readonly onSend: (value: Value) => Promise<void>;
}

/** The form. It sends one at a time. */
export function OneFieldForm<Value>(props: OneFieldFormProps<Value>): ReactNode {
  const { label, hint, action, read, invalid, onSend } = props;
  const { fail } = useNotices();
  const [text, setText] = useState('');
  const value = read(text);
  const { mutate, isPending } = useMutation({
    mutationFn: async (sent: Value) => {
      await onSend(sent);
      // What was typed meanwhile is the next one.
      setText((current) => (current === text ? '' : current));
    },
    onError: fail,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (value !== null && !isPending) mutate(value);
      }}
    >
      <Group align="flex-start">
        <TextInput
          label={label}
          description={hint}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          error={text.trim() !== '' && value === null ? invalid : null}
          value={text}
          maw={480}
          w="100%"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.currentTarget.value);
          }}
        />
        <Button
          type="submit"
          loading={isPending}
          disabled={value === null}
          className="beside-field"
        >
          {action}
        </Button>
      </Group>
    </form>
  );
}
