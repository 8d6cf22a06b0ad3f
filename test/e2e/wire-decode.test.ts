/** `overspan wire decode`, as a person types it, on the capture of three real nodes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { runOverspan, type Ended } from '../programs/program.ts';
import { capturedRecords, loadBytes } from '../vectors/load.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-wire-decode-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const captures = join(import.meta.dirname, '../vectors/captures');
const flow = join(captures, 'flow.pcap');
const planet = join(captures, 'planet');
const identities = ['R', 'A', 'B'].map((name) =>
  join(captures, 'identities', `${name}.identity.secret`),
);
const independent = capturedRecords();

const decode = (words: readonly string[], input?: Uint8Array): Ended =>
  runOverspan(['wire', 'decode', ...words], input);

interface JsonRecord {
  readonly kind: string;
  readonly frame: number;
  readonly packetId: string;
  readonly source: string;
  readonly destination: string;
  readonly problem: { readonly kind: string; readonly reason: string } | null;
  readonly mac?: string;
  readonly verb?: string;
  readonly payload?: string;
  readonly signatures?: readonly { readonly verdict: string }[];
}

function records({ stdout }: Ended): JsonRecord[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonRecord);
}

describe('overspan wire decode', () => {
  it('decodes the whole capture with the identities of its nodes', () => {
    const ended = decode([flow, '--identity', ...identities, '--planet', planet, '--json']);
    expect(ended.code).toBe(0);
    const all = records(ended);
    const packets = all.filter(({ kind }) => kind === 'packet');
    const expected = independent.filter(({ verb }) => verb !== undefined);
    expect(packets.map(({ packetId, verb }) => [packetId, verb])).toEqual(
      expected.map(({ id, verb }) => [id, verb]),
    );
    for (const { problem, mac, signatures, frame } of packets) {
      expect(problem, `frame ${frame}`).toBeNull();
      expect(mac, `frame ${frame}`).toBe('good');
      expect(signatures!.every(({ verdict }) => verdict === 'good')).toBe(true);
    }
    // The one datagram that is no packet: what opened a NAT.
    expect(all.filter(({ kind }) => kind === 'not-a-packet')).toMatchObject([
      { frame: 100, bytes: '63cca36a' },
    ]);
    expect(ended.stderr).toContain('628 packets, 628 decoded\n');
    expect(ended.stderr).toContain('HELLO 21');
    expect(ended.stderr).toMatch(/signatures: \d+ right, 0 wrong, 0 not checked/);
  });

  it('prints one line a packet, with everything below it if asked', () => {
    const { code, stdout, stderr } = decode([flow, '--identity', ...identities]);
    expect(code, stderr).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(629);
    expect(lines[1]).toBe(
      '    0.018454  283c5bc4bc → 45ad10e047    salsa20  OK                     ' +
        're HELLO 79c394252230164a 1.14.1 protocol 12 sees 10.77.0.2/9994',
    );
    expect(lines.filter((line) => line.includes(' ? '))).toEqual([]);
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);

    const more = decode([
      flow,
      ...['--identity', ...identities, '--verb', 'network-config', '--limit', '1', '-v', '--hex'],
    ]).stdout;
    expect(more).toMatch(/^ {4}signature: certificate of membership is signed by 283c5bc4bc$/m);
    expect(more).toMatch(/^ {6}name: lab$/m);
    expect(more).toMatch(/^ {4}0000 {2}28 3c 5b c4 bc c3 c8 a8 .* \(<\[/m);
  });

  it('shows the owner of one secret what he could read, and nobody more than the HELLOs', () => {
    const own = records(decode([flow, '--identity', identities[1]!, '--json'])).filter(
      ({ kind }) => kind === 'packet',
    );
    for (const { source, destination, problem, frame } of own)
      expect(problem === null, `frame ${frame}`).toBe([source, destination].includes('45ad10e047'));

    const none = decode([flow, '--json']);
    expect(none.code).toBe(0);
    for (const { verb, mac, problem } of records(none).filter(({ kind }) => kind === 'packet')) {
      expect(problem).toMatchObject({ kind: 'no-key', reason: 'no-secret' });
      expect([undefined, 'HELLO']).toContain(verb);
      expect(mac).toBe(verb === 'HELLO' ? 'unchecked' : undefined);
    }
    expect(none.stderr).toContain('628 × no key: the secret of neither is given');
    expect(decode([flow, '--limit', '2']).stdout).toContain('no key for 283c5bc4bc ↔ 45ad10e047\n');
  });

  it('shows what is asked for only', () => {
    const identity = ['--identity', ...identities];
    const verbs = records(decode([flow, ...identity, '--verb', 'WHOIS', 'echo', '--json']));
    expect(new Set(verbs.map(({ verb }) => verb))).toEqual(new Set(['WHOIS', 'ECHO']));
    expect(verbs).toHaveLength(83 + 5);
    const both = records(
      decode([
        flow,
        ...identity,
        ...['--address', 'bfb8eb1884', '--network', '283c5bc4bcc3c8a8', '--limit', '20', '--json'],
      ]),
    );
    expect(both).toHaveLength(20);
    expect(both.every((each) => [each.source, each.destination].includes('bfb8eb1884'))).toBe(true);
    const nowhere = decode([flow, ...identity, '--network', '0000000000000001']);
    expect(nowhere).toMatchObject({ code: 0, stdout: '' });
  });

  it('decodes standard input as it comes', () => {
    const { code, stdout, stderr } = decode(
      ['-', '--identity', identities[0]!, '--verb', 'OK', '--limit', '1'],
      loadBytes('captures/flow.pcap'),
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('re HELLO 79c394252230164a');
  });

  it('uses what is whole of a capture that is cut, and says so', () => {
    const cut = join(directory, 'cut.pcap');
    writeFileSync(cut, loadBytes('captures/flow.pcap').subarray(0, 20_000));
    const { code, stdout, stderr } = decode([cut, '--identity', ...identities]);
    expect(code).toBe(1);
    expect(stdout.split('\n').length).toBeGreaterThan(50);
    expect(stderr).toMatch(/packets, \d+ decoded[^]*PCAP_TRUNCATED: .*\nremedy: .*tcpdump/);
  });

  it('explains what it cannot read', () => {
    const text = join(directory, 'text.pcap');
    writeFileSync(text, 'no capture\n');
    const wrong: readonly (readonly [readonly string[], number, string])[] = [
      [[text], 1, 'PCAP_FORMAT_UNKNOWN'],
      [[directory], 5, 'PCAP_UNREADABLE'],
      [[join(directory, 'none')], 4, 'PCAP_MISSING'],
      [[flow, '--identity', join(directory, 'none')], 4, 'IDENTITY_FILE_MISSING'],
      [[flow, '--identity', text], 2, 'IDENTITY_INVALID'],
      [[flow, '--planet', text], 2, 'OPTION_INVALID'],
      [[flow, '--planet', join(directory, 'none')], 2, 'OPTION_INVALID'],
      [[flow, '--verb', 'GOODBYE'], 2, 'OPTION_INVALID'],
      [[flow, '--address', '45ad'], 2, 'OPTION_INVALID'],
      [[flow, '--network', '45ad10e047'], 2, 'OPTION_INVALID'],
    ];
    for (const [words, code, errorCode] of wrong) {
      const ended = decode(words);
      expect({ code: ended.code, stdout: ended.stdout }, ended.stderr).toEqual({
        code,
        stdout: '',
      });
      expect(ended.stderr).toMatch(new RegExp(`^${errorCode}: .*\nremedy: `, 'm'));
    }
  });
});
