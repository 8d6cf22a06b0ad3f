/** `overspan rule …`, as a person types it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { runOverspan, type Printed } from '../programs/program.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-rule-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const captured = join(
  import.meta.dirname,
  '../vectors/captures/home/controller.d/network/283c5bc4bcc3c8a8.json',
);

const rule = (words: readonly string[], input?: string): Printed =>
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
    const { exit, out } = rule(['compile', good, '--json']);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      rules: [{ type: 'MATCH_ETHERTYPE' }, { type: 'ACTION_DROP' }, { type: 'ACTION_ACCEPT' }],
      capabilities: [],
      tags: [],
    });
    expect(rule(['compile', '-'], 'accept;').out).toBe('accept;\n');
  });

  it('says where a mistake is, and what was expected', () => {
    const { exit, err } = rule(['compile', file('bad.rules', 'accept;\ndrop dport 99999;\n')]);
    expect(exit).toBe(2);
    expect(err).toMatch(
      /^RULES_INVALID: line 2, column 12: "99999" is not a port or ports; expected .*\nremedy: /,
    );
    expect(rule(['test', join(directory, 'none')])).toMatchObject({ exit: 4 });
  });

  it('runs tests, and explains the one that fails', () => {
    expect(rule(['test', good])).toMatchObject({
      exit: 0,
      out: 'ok    line 3: expect accept from member to member icmp 8\n',
      err: '1 of 1 expectations hold\n',
    });
    const { exit, out } = rule(
      ['test', '-'],
      'break chr tcp_syn;\naccept;\nexpect accept from member to member ipprotocol tcp;\n',
    );
    expect(exit).toBe(1);
    expect(out).toMatch(/^FAIL {2}line 3: expect accept/);
    expect(out).toMatch(/sender: drop, as no capability accepts what ended by rule 1 \(line 1\)/);
    expect(out).toMatch(/chr tcp_syn: true/);
  });

  it('explains a packet', () => {
    const words = ['explain', good, 'from', 'member', 'to', 'member', 'ethertype', 'arp'];
    expect(rule(words).out).toMatch(/^drop\n {2}sender: drop, by rule 1 \(line 1\): drop\n/);
    expect(JSON.parse(rule([...words, '--json']).out)).toMatchObject({
      verdict: 'drop',
      sides: [{ side: 'sender' }, { side: 'receiver' }],
    });
    expect(rule(['explain', good, 'from', 'nobody'])).toMatchObject({ exit: 2 });
  });

  it('writes what a controller has, so that it compiles to the same', () => {
    const { exit, out } = rule(['decompile', captured]);
    expect(exit).toBe(0);
    expect(out).toMatch(/^drop\n {2}not ethertype ipv4\n {2}and not ethertype arp\n/m);
    expect(rule(['compile', '-'], out).out).toBe(out);
    expect(rule(['decompile', '-'], '[{"type":"MATCH_MOON"}]')).toMatchObject({ exit: 2 });
    expect(rule(['decompile', '-'], 'drop;')).toMatchObject({ exit: 2 });
  });
});
