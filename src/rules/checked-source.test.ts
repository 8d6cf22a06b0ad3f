import { describe, expect, it } from 'vitest';

import { OverspanError } from '../base/errors.ts';
import { checkedSource } from './checked-source.ts';
import { compile } from './compile.ts';
import { runTests } from './run-tests.ts';

const rules = `
drop not ethertype ipv4;
accept;
`;

function failure(source: string): OverspanError {
  try {
    checkedSource(source);
  } catch (error) {
    if (error instanceof OverspanError) return error;
  }
  throw new Error('it was not refused');
}

describe('a source that is saved', () => {
  it('compiles, and what it expects holds', () => {
    const source = `${rules}
expect accept from member to member icmp 8;
expect drop from member to member ethertype ipv6;`;
    expect(checkedSource(source).tests).toHaveLength(2);
    expect(checkedSource(source).rules).toEqual(checkedSource(rules).rules);
  });

  it('is refused with a failing test, and the rule that decided is named', () => {
    const error = failure(
      `${rules}expect accept from member to member\n  ethertype arp;\nexpect drop from member to member;`,
    );
    expect(error.code).toBe('RULES_TEST_FAILED');
    expect(error.message).toBe(
      'line 4: expect accept from member to member ethertype arp (and 1 more): drop: ' +
        'sender: drop, by rule 1 (line 2): drop; receiver: drop, by rule 1 (line 2): drop',
    );
    expect(error.details).toMatchObject({
      failures: [{ line: 4, explanation: { verdict: 'drop' } }, { line: 6 }],
    });
    expect(error.exit).toBe(1);
  });

  it('is refused where it cannot be read, and every place is named', () => {
    const error = failure('drop\n  ethertype x;\naccept dport y;');
    expect(error.code).toBe('RULES_INVALID');
    expect(error.message).toMatch(
      /^line 2, column 13: "x" is not an Ethernet type; expected .* \(and 1 more\)$/,
    );
    expect(error.details).toMatchObject({ problems: [{ line: 2 }, { line: 3, column: 14 }] });
  });

  it('is refused with a test that cannot be read, though rules that could be', () => {
    expect(failure('accept; expect drop from member to nobody;').code).toBe('RULES_INVALID');
  });
});

describe('tests', () => {
  it('may name tags and capabilities that are made below them', () => {
    const result = compile(
      'expect accept from member with tag t one and cap c to member; tag t id 1 enum 1 one; cap c id 1 accept tseq t one; ;',
    );
    if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
    expect(runTests(result.compiled).map(({ isPassed }) => isPassed)).toEqual([true]);
  });
});
