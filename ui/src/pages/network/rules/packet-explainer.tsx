/** Which rule decides on a packet that somebody describes, on the sender's and on the receiver's side. */
import { Badge, Button, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';

import {
  decidingRule,
  explain,
  explanationLines,
  parsePacket,
  type CompiledSource,
  type Explanation,
} from '../../../../../src/rules/index.ts';
import { rules as words } from '../../../strings/rules.ts';
import { JumpButton, Way, type Jump } from './rules-results.tsx';

/** The part of the page. @param onKeep - adds a statement to the source */
export function PacketExplainer({
  compiled,
  onJump,
  onKeep,
}: {
  readonly compiled: CompiledSource | null;
  readonly onJump: Jump;
  readonly onKeep: (statement: string) => void;
}): ReactNode {
  const [packet, setPacket] = useState('');
  const text = packet.trim();
  const result = useMemo(
    () => (compiled === null || text === '' ? null : explained(compiled, text)),
    [compiled, text],
  );
  const error = typeof result === 'string' ? result : null;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {words.explain}
      </Title>
      <Stack gap="sm">
        <TextInput
          label={words.packet}
          description={words.packetHint}
          value={packet}
          error={error}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setPacket(event.currentTarget.value);
          }}
        />
        <Group gap="xs" role="group" aria-label={words.examples}>
          {Object.entries(words.packets).map(([example, name]) => (
            <Button
              key={name}
              size="compact-xs"
              variant="default"
              onClick={() => {
                setPacket(example);
              }}
            >
              {name}
            </Button>
          ))}
        </Group>
        {compiled === null && text !== '' && <Text size="sm">{words.packetWaits}</Text>}
        <div aria-live="polite">
          {result !== null && typeof result !== 'string' && (
            <Stack gap="xs">
              <Verdict explanation={result} onJump={onJump} />
              <Group>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    onKeep(`expect ${result.verdict} ${text};`);
                  }}
                >
                  {words.keep}
                </Button>
              </Group>
              <Way explanation={result} />
            </Stack>
          )}
        </div>
      </Stack>
    </section>
  );
}

/** What becomes of a packet, or what is wrong with its description. */
function explained(compiled: CompiledSource, text: string): Explanation | string {
  const described = parsePacket(text, compiled);
  if (described.kind === 'packet') return explain(compiled, described.packet);
  const [problem] = described.problems;
  return words.packetInvalid(problem?.message ?? '', problem?.expected ?? '');
}

function Verdict({
  explanation,
  onJump,
}: {
  readonly explanation: Explanation;
  readonly onJump: Jump;
}): ReactNode {
  return (
    <>
      <Group gap="xs">
        <Badge
          color={explanation.verdict === 'accept' ? 'green' : 'red'}
          variant="light"
          className="state"
        >
          {words.verdicts[explanation.verdict]}
        </Badge>
      </Group>
      <List listStyleType="none" spacing="xs" size="sm">
        {explanation.sides.map((side) => {
          const decided = decidingRule(side);
          // The first line is the verdict of both.
          const lines = explanationLines(
            { verdict: explanation.verdict, sides: [side] },
            { isLong: false },
          ).slice(1);
          const [said = ''] = lines;
          return (
            <List.Item key={side.side}>
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <Text size="sm" fw={600}>
                  {words.sides[side.side]}
                </Text>
                {decided !== null && (
                  <JumpButton
                    text={words.line(decided.rule.line)}
                    onClick={() => {
                      onJump(decided.rule.line, 1);
                    }}
                  />
                )}
                <Text size="sm" className="source-text">
                  {[said.slice(said.indexOf(':') + 1).trim(), ...lines.slice(1)].join('; ')}
                </Text>
              </Group>
            </List.Item>
          );
        })}
      </List>
    </>
  );
}
