/** What is wrong with rules, and how their tests go; each leads to its place. */
import { Alert, Badge, Button, Group, List, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

import {
  explanationLines,
  type Explanation,
  type SourceProblem,
  type TestResult,
} from '../../../../../src/rules/index.ts';
import { rules as words } from '../../../strings/rules.ts';
import type { CheckedRules } from './checked-rules.ts';

/** Goes to a place of the source. */
export type Jump = (line: number, column: number) => void;

/** Mistakes and warnings. */
export function Mistakes({
  checked,
  onJump,
}: {
  readonly checked: CheckedRules;
  readonly onJump: Jump;
}): ReactNode {
  const { problems, warnings } = checked;
  return (
    <>
      {problems.length > 0 && (
        <Alert color="red" title={words.problems(problems.length)}>
          <Places problems={problems} onJump={onJump} />
        </Alert>
      )}
      {warnings.length > 0 && (
        <Alert color="yellow" title={words.warnings(warnings.length)}>
          <Places problems={warnings} onJump={onJump} />
        </Alert>
      )}
    </>
  );
}

function Places({
  problems,
  onJump,
}: {
  readonly problems: readonly SourceProblem[];
  readonly onJump: Jump;
}): ReactNode {
  return (
    <List size="sm" listStyleType="none" spacing="xs">
      {problems.map(({ line, column, message, expected }, i) => (
        <List.Item key={`${i} ${line} ${column}`}>
          <JumpButton
            text={words.place(line, column)}
            onClick={() => {
              onJump(line, column);
            }}
          />{' '}
          {words.problem(message, expected)}
        </List.Item>
      ))}
    </List>
  );
}

/** A place that one goes to. */
export function JumpButton({
  text,
  onClick,
}: {
  readonly text: string;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <Button size="compact-xs" variant="default" className="whole" onClick={onClick}>
      {text}
    </Button>
  );
}

/** The tests. */
export function Tests({
  checked,
  onJump,
}: {
  readonly checked: CheckedRules;
  readonly onJump: Jump;
}): ReactNode {
  const { compiled, tests, failedCount } = checked;
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        {words.tests}
      </Title>
      <Text size="sm" role="status" mb="xs">
        {compiled === null
          ? words.testsWait
          : tests.length === 0
            ? words.testsNone
            : failedCount === 0
              ? words.testsHold(tests.length)
              : words.testsFail(failedCount, tests.length)}
      </Text>
      <List listStyleType="none" spacing="xs" size="sm" className="tests">
        {tests.map((result) => (
          <List.Item key={`${result.test.line} ${result.test.column}`}>
            <Test result={result} onJump={onJump} />
          </List.Item>
        ))}
      </List>
    </section>
  );
}

function Test({
  result: { test, isPassed, explain },
  onJump,
}: {
  readonly result: TestResult;
  readonly onJump: Jump;
}): ReactNode {
  return (
    <Stack gap={4}>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <Badge color={isPassed ? 'green' : 'red'} variant="light" className="state">
          {isPassed ? words.holds : words.fails}
        </Badge>
        <JumpButton
          text={words.line(test.line)}
          onClick={() => {
            onJump(test.line, test.column);
          }}
        />
        <Text size="sm" className="source-text">
          {test.text}
        </Text>
      </Group>
      {!isPassed && <Way explanation={explain()} isOpen />}
    </Stack>
  );
}

/** Everything that was asked on the way. */
export function Way({
  explanation,
  isOpen = false,
}: {
  readonly explanation: Explanation;
  readonly isOpen?: boolean;
}): ReactNode {
  return (
    <details open={isOpen} className="more">
      <summary>{words.way}</summary>
      <pre className="lines" tabIndex={0} role="region" aria-label={words.way}>
        {explanationLines(explanation, { isLong: true }).join('\n')}
      </pre>
    </details>
  );
}
