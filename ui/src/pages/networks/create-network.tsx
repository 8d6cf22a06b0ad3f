/** Making a network: a name, who may come in, and a range of addresses. */
import { Button, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { useLocation } from 'wouter';

import type { NetworkV1 } from '../../../../src/api/schema/v1.ts';
import { Dialog } from '../../components/dialog.tsx';
import { DialogForm } from '../../components/dialog-form.tsx';
import { keys } from '../../service/keys.ts';
import { useService } from '../../service/service.tsx';
import { useNotices } from '../../shell/notices.tsx';
import { strings } from '../../strings.ts';
import { clashesWith, freeRange, rangeSettings } from './free-range.ts';
import { networkName } from './network-name.ts';

const words = strings.networks;

/** The dialogue. @param networks - that are there: what is chosen clashes with none of them */
export function CreateNetwork({
  networks,
  onClose,
}: {
  readonly networks: readonly NetworkV1[];
  readonly onClose: () => void;
}): ReactNode {
  const { name: service, client } = useService();
  const { say } = useNotices();
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [name, setName] = useState('');
  const [isPrivate, setIsPrivate] = useState(true);
  const { range, setRange, chooseRange, rangeField } = useRange(networks);
  const settings = rangeSettings(range);
  const clashes = clashesWith(range ?? '', networks);
  const submit = async (): Promise<void> => {
    if (settings === null) return;
    const made = await client.createNetwork({ name: name.trim(), isPrivate, ...settings });
    say(words.created(networkName(made)));
    void queries.invalidateQueries({ queryKey: keys.networkList(service) });
    go(`/s/${encodeURIComponent(service)}/networks/${made.id}`);
  };
  return (
    <Dialog title={words.create} onClose={onClose}>
      <DialogForm
        action={words.create}
        isReady={settings !== null}
        onSubmit={submit}
        onClose={onClose}
      >
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
        <Radio.Group
          label={words.access}
          value={isPrivate ? 'private' : 'public'}
          onChange={(value) => {
            setIsPrivate(value === 'private');
          }}
        >
          <Stack gap="xs" mt={4}>
            <Radio value="private" label={words.private} description={words.privateHint} />
            <Radio value="public" label={words.public} description={words.publicHint} />
          </Stack>
        </Radio.Group>
        <TextInput
          ref={rangeField}
          label={words.rangeLabel}
          description={words.rangeHint}
          value={range ?? ''}
          placeholder={range === null ? strings.loading : ''}
          error={range !== null && settings === null ? words.rangeInvalid : null}
          onChange={(event) => {
            setRange(event.currentTarget.value);
          }}
        />
        {clashes.length > 0 && (
          <Text size="sm" role="status">
            {words.rangeClashes(clashes.join(', '))}
          </Text>
        )}
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={chooseRange}>
            {words.rangeAnother}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={range === ''}
            onClick={() => {
              setRange('');
            }}
          >
            {words.rangeWithout}
          </Button>
        </Group>
      </DialogForm>
    </Dialog>
  );
}

/**
 * The range, which is chosen when the dialogue opens. What is typed before that stays; where somebody is about to type, what was
 * chosen comes selected, so that what is typed replaces it.
 *
 * @returns range - null: it is not chosen yet; rangeField - to be given to the field that shows it
 */
function useRange(networks: readonly NetworkV1[]): {
  readonly range: string | null;
  readonly setRange: (range: string) => void;
  readonly chooseRange: () => void;
  readonly rangeField: RefObject<HTMLInputElement | null>;
} {
  const { client } = useService();
  const [range, set] = useState<string | null>(null);
  const isTyped = useRef(false);
  const taken = useRef(networks);
  const rangeField = useRef<HTMLInputElement>(null);
  const setRange = useCallback((text: string) => {
    isTyped.current = true;
    set(text);
  }, []);
  const chooseRange = useCallback(() => {
    isTyped.current = false;
    void freeRange(client, taken.current).then((chosen) => {
      if (!isTyped.current) set(chosen ?? '');
    });
  }, [client]);
  useEffect(chooseRange, [chooseRange]);
  useLayoutEffect(() => {
    const field = rangeField.current;
    if (!isTyped.current && field !== null && field === document.activeElement) field.select();
  }, [range]);
  return { range, setRange, chooseRange, rangeField };
}
