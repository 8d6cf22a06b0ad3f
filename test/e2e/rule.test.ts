/** `overspan rule …`, as a person types it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { runOverspan, type Ended } from '../programs/program.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-rule-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const captured = join(
  import.meta.dirname,
  '../vectors/captures/home/controller.d/network/283c5bc4bcc3c8a8.json',
);

const rule = (words: readonly string[], input?: string): Ended =>
  runOverspan(['rule', ...words], input);

function file(name: string, source: string): string {
  const path = join(directory, name);
  writeFileSync(path, source);
  return path;
}

const good = file(
  'good.rules',
  'drop not ethertype ipv4;\naccept;\nexpect accept from member to member icmp 8;\n',
);

describe('overspan rule', () => {
  it('compiles for a controller', () => {
    const { code, stdout } = rule(['compile', good, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      rules: [{ type: 'MATCH_ETHERTYPE' }, { type: 'ACTION_DROP' }, { type: 'ACTION_ACCEPT' }],
      capabilities: [],
      tags: [],
    });
    expect(rule(['compile', '-'], 'accept;').stdout).toBe('accept;\n');
  });

  it('says where a mistake is, and what was expected', () => {
    const { code, stderr } = rule(['compile', file('bad.rules', 'accept;\ndrop dport 99999;\n')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^RULES_INVALID: line 2, column 12: "99999" is not a port or ports; expected .*\nremedy: /,
    );
    expect(rule(['test', join(directory, 'none')])).toMatchObject({ code: 4 });
  });

  it('runs tests, and explains the one that fails', () => {
    expect(rule(['test', good])).toMatchObject({
      code: 0,
      stdout: 'ok    line 3: expect accept from member to member icmp 8\n',
      stderr: '1 of 1 expectations hold\n',
    });
    const { code, stdout } = rule(
      ['test', '-'],
      'break chr tcp_syn;\naccept;\nexpect accept from member to member ipprotocol tcp;\n',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL {2}line 3: expect accept/);
    expect(stdout).toMatch(
      /sender: drop, as no capability accepts what ended by rule 1 \(line 1\)/,
    );
    expect(stdout).toMatch(/chr tcp_syn: true/);
  });

  it('explains a packet', () => {
    const words = ['explain', good, 'from', 'member', 'to', 'member', 'ethertype', 'arp'];
    expect(rule(words).stdout).toMatch(/^drop\n {2}sender: drop, by rule 1 \(line 1\): drop\n/);
    expect(JSON.parse(rule([...words, '--json']).stdout)).toMatchObject({
      verdict: 'drop',
      sides: [{ side: 'sender' }, { side: 'receiver' }],
    });
    expect(rule(['explain', good, 'from', 'nobody'])).toMatchObject({ code: 2 });
  });

  it('writes what a controller has, so that it compiles to the same', () => {
    const { code, stdout } = rule(['decompile', captured]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^drop\n {2}not ethertype ipv4\n {2}and not ethertype arp\n/m);
    expect(rule(['compile', '-'], stdout).stdout).toBe(stdout);
    expect(rule(['decompile', '-'], '[{"type":"MATCH_MOON"}]')).toMatchObject({ code: 2 });
    expect(rule(['decompile', '-'], 'drop;')).toMatchObject({ code: 2 });
  });
});
