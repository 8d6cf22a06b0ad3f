/** The rules of a network: written here, looked at while they are, tried on packets, and saved where their tests hold. */
import '../network.css';

import { Button, Group, NativeSelect, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState, type ReactNode } from 'react';

import { formatU64, type NetworkId } from '../../../../../src/base/ids.ts';
import { useKept, useLeaveWarning } from '../../../components/kept-state.ts';
import { Loaded } from '../../../components/loaded.tsx';
import { Problem } from '../../../components/problem.tsx';
import { useSaved } from '../../../components/use-saved.tsx';
import { keys } from '../../../service/keys.ts';
import { useRules } from '../../../service/network-queries.ts';
import { putAnswer } from '../../../service/put-answer.ts';
import { sendRules, type ReadRules } from '../../../service/rules.ts';
import { useService } from '../../../service/service.tsx';
import { rules as words } from '../../../strings/rules.ts';
import { strings } from '../../../strings.ts';
import { checkRules, isSound } from './checked-rules.ts';
import { PacketExplainer } from './packet-explainer.tsx';
import { RulesConflict } from './rules-conflict.tsx';
import { RulesEditor, type RulesEditorHandle } from './rules-editor.tsx';
import { Mistakes, Tests } from './rules-results.tsx';
import { templates, type TemplateName } from './templates.ts';

/** How long nobody must have typed before a source is looked at, ms. */
const pauseMs = 250;

/** What somebody has typed, and in place of what. */
interface Edit {
  readonly base: ReadRules;
  readonly source: string;
}

/** Rules that were saved: the way back. */
interface Saved {
  readonly before: ReadRules;
  readonly after: ReadRules;
}

/** The tab. */
export function RulesTab({ id }: { readonly id: NetworkId }): ReactNode {
  const query = useRules(id);
  return <Loaded query={query}>{(read) => <RulesForm id={id} read={read} />}</Loaded>;
}

/** @param read - as it is known now; it changes while it is looked at */
function RulesForm({ id, read }: { readonly id: NetworkId; readonly read: ReadRules }): ReactNode {
  const { name: service, client } = useService();
  const queries = useQueryClient();
  const network = formatU64(id);
  const [edit, setEdit] = useKept<Edit>(`rules ${service} ${network}`);
  /** What a template took the place of. */
  const [replaced, setReplaced] = useState<string | null>(null);
  const editor = useRef<RulesEditorHandle>(null);

  const known = unified(read.rules.source);
  const isConflict = edit !== null && edit.base.rules.source !== read.rules.source;
  const base = isConflict ? edit.base : read;
  const source = edit?.source ?? known;
  const isDirty = edit !== null;
  useLeaveWarning(isDirty);
  const [settled] = useDebouncedValue(source, pauseMs);
  const checked = useMemo(() => checkRules(settled), [settled]);
  const isChecked = settled === source;
  const marked = useMemo(
    () =>
      new Set([
        ...checked.problems.map(({ line }) => line),
        ...checked.tests.filter(({ isPassed }) => !isPassed).map(({ test }) => test.line),
      ]),
    [checked],
  );

  const change = (text: string): void => {
    setEdit(text === unified(base.rules.source) ? null : { base, source: text });
  };
  const jump = (line: number, column: number): void => editor.current?.jump(line, column);
  const drop = (): void => {
    setEdit(null);
    setReplaced(null);
  };
  const send = async (from: ReadRules, text: string): Promise<ReadRules | null> => {
    const sent = await sendRules(client, id, { base: from, source: text });
    await putAnswer(queries, keys.rules(service, network), () => sent.read);
    return sent.kind === 'saved' ? sent.read : null;
  };
  const { note, notice } = useSaved<Saved>({
    key: `saved rules ${service} ${network}`,
    words,
    takeBack: async ({ before, after }) => (await send(after, before.rules.source)) !== null,
  });
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const after = await send(base, source);
      if (after === null) return;
      note({ before: base, after });
      drop();
    },
  });
  const maySave = isDirty && isChecked && isSound(checked) && !isConflict && !isPending;
  const save = (): void => {
    if (maySave) mutate();
  };
  return (
    <Stack>
      {notice}
      {isConflict && (
        <RulesConflict
          before={edit.base.rules.source}
          after={read.rules.source}
          onKeep={() => {
            setEdit({ base: read, source });
          }}
          onTake={drop}
        />
      )}
      {!read.rules.isWritten && !isDirty && <Text size="sm">{words.unwritten}</Text>}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack gap="sm">
          <RulesEditor
            ref={editor}
            value={source}
            marked={marked}
            onChange={change}
            onSave={save}
          />
          <Group role="group" className="actions">
            <Button onClick={save} disabled={!maySave} loading={isPending}>
              {words.save}
            </Button>
            <Button variant="default" disabled={!isDirty} onClick={drop}>
              {words.discard}
            </Button>
            <NativeSelect
              aria-label={words.template}
              value=""
              data={[
                { value: '', label: `${words.template} ${words.templateNone}` },
                ...Object.entries(words.templates).map(([value, label]) => ({ value, label })),
              ]}
              onChange={(event) => {
                const name = event.currentTarget.value as TemplateName | '';
                if (name === '') return;
                setReplaced(source);
                change(templates[name]);
              }}
            />
          </Group>
          {replaced !== null && (
            <Group gap="sm" role="status">
              <Text size="sm">{words.templateTaken}</Text>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  change(replaced);
                  setReplaced(null);
                }}
              >
                {strings.undo}
              </Button>
            </Group>
          )}
          <Text size="sm" role="status">
            {!isChecked
              ? words.checking
              : checked.compiled === null
                ? words.saveMistakes
                : checked.failedCount > 0
                  ? words.saveFails
                  : words.counts(checked.compiled.rules.length, checked.tests.length)}
            {isDirty && ` ${words.unsaved}`}
          </Text>
          {error !== null && <Problem error={error} />}
          <Mistakes checked={checked} onJump={jump} />
        </Stack>
        <Stack gap="lg">
          <PacketExplainer
            compiled={checked.compiled}
            onJump={jump}
            onKeep={(statement) => {
              change(`${source.trimEnd()}\n${statement}\n`);
            }}
          />
          <Tests checked={checked} onJump={jump} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

/** With the ends of lines that a text field has. */
function unified(source: string): string {
  return source.replace(/\r\n?/g, '\n');
}
