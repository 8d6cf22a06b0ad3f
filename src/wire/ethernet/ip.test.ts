import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hex, loadVectors } from '../../../test/vectors/load.ts';
import {
  absent,
  contentOffset,
  contentProtocol,
  destinationPortAt,
  icmpTypeAt,
  ipContentAt,
  ipProtocolAt,
  notApplicable,
  sourcePortAt,
  tcpFlagsAt,
  trafficClassAt,
} from './ip.ts';

interface RuleCase {
  readonly name: string;
  readonly rules: readonly { name: string; not?: boolean; or?: boolean; value?: unknown }[] | null;
  readonly ethertype: string;
  readonly frame: string;
  readonly base_rules: { readonly result: string };
}
type Question = (etherType: number, bytes: Uint8Array, start: number, end: number) => number;

/** Rules of one question and ACCEPT: whether the frame was accepted is the answer of the reference. */
const cases = loadVectors<{ cases: RuleCase[] }>('rules.json').cases.flatMap((row) => {
  const [match, action, ...more] = row.rules ?? [];
  const asks =
    match !== undefined && match.or !== true && action?.name === 'accept' && more.length === 0;
  return asks ? [{ ...row, match, accepted: row.base_rules.result === 'accept' }] : [];
});
const named = (name: string): typeof cases => cases.filter(({ match }) => match.name === name);

/** Asks in the middle of a buffer whose other bytes are all ones: what lies outside must not be seen. */
const ask = (question: Question, row: { ethertype: string; frame: string }): number => {
  const frame = hex(row.frame);
  const bytes = new Uint8Array(frame.length + 128).fill(0xff);
  bytes.set(frame, 64);
  return question(Number.parseInt(row.ethertype, 16), bytes, 64, 64 + frame.length);
};

/** The verdict of a rule from the answer to its question (vl2.md 7.2). */
const verdict = (answer: number, not: boolean, matches: (answer: number) => boolean): boolean =>
  answer !== notApplicable && matches(answer) !== not;

describe('what the rules ask of a frame', () => {
  it.each(named('ip_protocol'))('protocol: $name', ({ match, accepted, ...row }) => {
    const [wanted] = match.value as [number];
    const answer = ask(ipProtocolAt, row);
    expect(verdict(answer, match.not === true, (protocol) => protocol === wanted)).toBe(accepted);
  });

  it.each(named('ip_tos'))('traffic class: $name', ({ match, accepted, ...row }) => {
    const [mask, from, to] = match.value as [number, number, number];
    const inside = (tos: number): boolean => (tos & mask) >= from && (tos & mask) <= to;
    expect(verdict(ask(trafficClassAt, row), match.not === true, inside)).toBe(accepted);
  });

  it.each(named('icmp'))('ICMP: $name', ({ match, accepted, ...row }) => {
    const [type, code, flags] = match.value as [number, number, number];
    const answer = ask(icmpTypeAt, row);
    const sameType = answer !== notApplicable && answer >> 8 === type;
    const sameCode = (answer & 0xff) === code;
    const expected = sameType && (flags === 0 || sameCode !== (match.not === true));
    expect(expected).toBe(accepted);
  });

  it.each([...named('ip_source_port_range'), ...named('ip_dest_port_range')])(
    'ports: $name',
    ({ match, accepted, ...row }) => {
      const [from, to] = match.value as [number, number];
      const question = match.name === 'ip_dest_port_range' ? destinationPortAt : sourcePortAt;
      const lowest = row.ethertype === '86dd' ? 1 : 0;
      const inside = (port: number): boolean => port >= lowest && port >= from && port <= to;
      expect(verdict(ask(question, row), match.not === true, inside)).toBe(accepted);
    },
  );

  const flagCases = named('characteristics').filter(
    ({ match }) => BigInt(`0x${match.value as string}`) < 0x1000n,
  );
  it.each(flagCases)('TCP flags: $name', ({ match, accepted, ...row }) => {
    const mask = Number.parseInt(match.value as string, 16);
    expect(((ask(tcpFlagsAt, row) & mask) !== 0) !== (match.not === true)).toBe(accepted);
  });

  it('is covered by real verdicts', () => {
    const asked = ['ip_protocol', 'ip_tos', 'icmp', 'ip_source_port_range', 'ip_dest_port_range'];
    expect([...asked.map((name) => named(name).length), flagCases.length]).toSatisfy(
      (counts: number[]) =>
        counts.every((count) => count >= 2) && counts.reduce((a, b) => a + b) > 60,
    );
  });

  it('tells what is not there from what cannot be asked', () => {
    const icmp = {
      ethertype: '0800',
      frame: '4500001c00000000400100000a0100020a0100010800000000010001',
    };
    expect(ask(destinationPortAt, icmp)).toBe(absent);
    expect(ask(destinationPortAt, { ...icmp, ethertype: '0806' })).toBe(notApplicable);
    expect(ask(tcpFlagsAt, icmp)).toBe(0);
    // A cut TCP header has no flags with IPv4 either.
    const cut = '4500002200000000400600000a0100020a010001000500500000000100000000';
    expect(ask(tcpFlagsAt, { ethertype: '0800', frame: `${cut}50` })).toBe(0);
    expect(ask(tcpFlagsAt, { ethertype: '0800', frame: `${cut}5012` })).toBe(0x12);
  });
});

describe('the content of an IP packet', () => {
  it('begins behind options and extension headers', () => {
    const v4 = hex('4700002000000000400100000a0100020a010001000000000000000008000000');
    const found = ipContentAt(0x0800, v4, 0, v4.length);
    expect([contentProtocol(found), contentOffset(found)]).toEqual([1, 28]);
    const fixed = `6000000000180040${'00'.repeat(32)}`;
    const hopByHop = `3c01${'00'.repeat(14)}`;
    const destinationOptions = `0600${'00'.repeat(6)}`;
    const v6 = hex(fixed + hopByHop + destinationOptions);
    const behind = ipContentAt(0x86dd, v6, 0, v6.length);
    expect([contentProtocol(behind), contentOffset(behind)]).toEqual([6, 64]);
  });

  it('is looked for in any bytes without an end', () => {
    const questions = [ipProtocolAt, trafficClassAt, icmpTypeAt, sourcePortAt, tcpFlagsAt];
    fc.assert(
      fc.property(
        fc.constantFrom(0x0800, 0x86dd, 0x0806),
        fc.uint8Array({ maxLength: 120 }),
        fc.constantFrom(0, 43, 60, 135, 6),
        (etherType, bytes, nextHeader) => {
          if (bytes.length > 6) bytes[6] = nextHeader;
          for (const question of questions) {
            const answer = question(etherType, bytes, 0, bytes.length);
            expect(answer >= notApplicable && answer <= 0xffff).toBe(true);
          }
        },
      ),
    );
  });
});
