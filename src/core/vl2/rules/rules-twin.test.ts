import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { evaluateSlowly } from '../../../../test/twins/rules.ts';
import type { Address, Mac } from '../../../base/ids.ts';
import {
  ipv4Thing,
  ipv6Thing,
  macThing,
} from '../../../wire/credentials/certificate-of-ownership.ts';
import { ruleSpecs } from '../../../wire/rules/rule-table.ts';
import type { Rule } from '../../../wire/rules/rule.ts';
import { compileRules } from './compiled-rules.ts';
import { evaluate, Evaluation } from './evaluate.ts';
import { OwnedThings } from './owned-things.ts';
import type { OwnSide, RemoteSide, RuleFrame } from './rule-frame.ts';

const me = 1 as Address;
const peer = 2 as Address;
const third = 3 as Address;

/** Few values of everything, so that rules and frames meet. */
const address = fc.constantFrom(0 as Address, me, peer, third);
const mac = fc.constantFrom(
  0xffff_ffff_ffff,
  0x3333_0000_0001,
  0x0200_0000_0002,
) as fc.Arbitrary<Mac>;
const byte = fc.constantFrom(0, 1, 2, 6, 8, 17, 43, 58, 60, 0x45, 0x60, 132, 135, 136, 255);
const ipv6 = fc
  .tuple(fc.constantFrom(0xfc, 0xfd), fc.constantFrom(0, 1), fc.constantFrom(0, 2))
  .map(([first, middle, last]) => {
    const bytes = new Uint8Array(16);
    [bytes[0], bytes[7], bytes[15]] = [first, middle, last];
    return bytes;
  });
const port = fc.constantFrom(0, 1, 22, 53, 0x0102, 0xffff);
const u64 = fc.constantFrom(
  0n,
  1n,
  6n,
  0x12n,
  0x0102n,
  1n << 32n,
  (1n << 40n) + 5n,
  (1n << 64n) - 1n,
);
const tagValue = fc.constantFrom(0, 1, 3, 5, 0xffff_ffff);
const mask = fc
  .subarray([0, 1, 2, 4, 9, 59, 60, 61, 62, 63])
  .map((bits) => bits.reduce((sum, bit) => sum | (1n << BigInt(bit)), 0n));

/** Values of a field by its name in the table; what is not here is any byte. */
const fieldValues: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  address,
  zt: address,
  mac,
  etherType: fc.constantFrom(0x0800, 0x0806, 0x86dd, 0x1234),
  start: port,
  end: port,
  length: fc.constantFrom(0, 3, 5000),
  tag: fc.constantFrom(1, 2, 3),
  value: tagValue,
  icmpType: fc.constantFrom(0, 8),
  probability: fc.constantFrom(0, 0x7fff_ffff, 0xffff_ffff),
  index: fc.constantFrom(0, 3, 20, 40),
  mask: byte,
  bits: fc.constantFrom(0, 1, 8, 24, 31, 32),
};

function ruleOf(kind: string, fields: Readonly<Record<string, string>>): fc.Arbitrary<Rule> {
  const parts: Record<string, fc.Arbitrary<unknown>> = {
    kind: fc.constant(kind),
    not: fc.boolean(),
    or: fc.boolean(),
  };
  for (const [name, type] of Object.entries(fields)) {
    if (type === 'u64') parts[name] = name === 'mask' ? mask : u64;
    else if (type === 'ipv6') parts[name] = ipv6;
    else if (type === 'ipv4') parts[name] = fc.constantFrom(0x0a01_0002, 0x0a01_0003, 0xc0000201);
    else if (name === 'bits' && 'ip' in fields && fields['ip'] === 'ipv6')
      parts[name] = fc.constantFrom(0, 7, 8, 64, 120, 127, 128);
    else parts[name] = fieldValues[name] ?? byte;
  }
  return fc.record(parts) as unknown as fc.Arbitrary<Rule>;
}

const rule = fc.oneof(
  ...ruleSpecs.map(({ kind, fields }) => ruleOf(kind, fields)),
  fc.record({
    kind: fc.constant('UNKNOWN' as const),
    not: fc.boolean(),
    or: fc.boolean(),
    id: fc.constantFrom(7, 15, 20, 63),
    field: fc.constant(new Uint8Array(0)),
  }),
);

/** Bytes in the form of IP packets, with lengths at every edge. */
const payload = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.array(byte, { maxLength: 90, size: 'max' }),
      fc.array(byte, { minLength: 40, maxLength: 90, size: 'max' }),
    ),
    ipv6,
    ipv6,
    fc.constantFrom(1, 6, 17, 58, 132, 0, 60),
    fc.constantFrom([8, 0], [8, 1], [0, 22], [0, 0], [1, 2]),
  )
  .map(([isIpv6, bytes, source, destination, protocol, content]) => {
    const data = Uint8Array.from(bytes);
    const put = (value: Uint8Array, at: number): void => {
      if (at < data.length) data.set(value.subarray(0, data.length - at), at);
    };
    if (isIpv6) {
      put(Uint8Array.of(protocol), 6);
      put(Uint8Array.from(content), 40);
      put(source, 8);
      put(destination, 24);
    } else {
      put(Uint8Array.of(0x45), 0);
      put(Uint8Array.of(protocol), 9);
      put(Uint8Array.from(content), 20);
      put(Uint8Array.of(10, 1, 0, 2, 10, 1, 0, 3), 12);
    }
    return data;
  });

const tags = fc.dictionary(fc.constantFrom('1', '2', '3'), tagValue);
const things = fc
  .tuple(fc.boolean(), fc.boolean(), fc.option(ipv6))
  .map(
    ([ip, hardware, six]) =>
      new OwnedThings([
        ...(ip ? [ipv4Thing(0x0a01_0002)] : []),
        ...(hardware ? [macThing(0x0200_0000_0002 as Mac)] : []),
        ...(six === null ? [] : [ipv6Thing(six)]),
      ]),
  );

const side = fc.tuple(tags, things).map(([values, owned]): RemoteSide => ({
  tag: (id) => values[String(id)] ?? -1,
  ownsIp: (type, bytes, start) => owned.hasIp(type, bytes, start),
  ownsMac: (value) => owned.hasMac(value),
  capabilities: [],
}));

const own = fc
  .tuple(side, fc.option(ipv6), fc.constantFrom(8, 40, 64), fc.constantFrom(0, 0x8000_0000))
  .map(([mine, prefix, bits, random]): OwnSide => ({
    ...mine,
    self: me,
    emulatedPrefixes: prefix === null ? [] : [{ bytes: prefix, bits }],
    randomU32: () => random,
  }));

const frame = fc
  .record({
    isInbound: fc.boolean(),
    source: address,
    destination: address,
    sourceMac: mac,
    destinationMac: mac,
    vlanId: fc.constantFrom(0, 1),
    etherType: fc.constantFrom(0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x1234),
    data: payload,
    before: fc.nat(20),
    remote: fc.option(side),
  })
  .map(({ data, before, ...rest }): RuleFrame => {
    const bytes = new Uint8Array(before + data.length + 20).fill(0x5a);
    bytes.set(data, before);
    return { ...rest, bytes, start: before, end: before + data.length };
  });

const evaluation = new Evaluation();

describe('compiled rules', () => {
  it('say what the description says, for any rules and frames', () => {
    const results = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.array(rule, { maxLength: 12 }),
        frame,
        own,
        fc.boolean(),
        (rules, asked, mine, unknown) => {
          evaluate(compileRules(rules, unknown), asked, mine, evaluation);
          const { result, decidingRule, redirectTo, copyTo, copyLength, isWatch } = evaluation;
          results.set(result, (results.get(result) ?? 0) + 1);
          expect({ result, decidingRule, redirectTo, copyTo, copyLength, isWatch }).toEqual(
            evaluateSlowly(rules, asked, mine, unknown),
          );
        },
      ),
      { numRuns: 4_000, seed: 1 },
    );
    // Every end is met, so that the comparison is of something.
    expect([...results.keys()].sort()).toEqual(
      ['accept', 'drop', 'no-match', 'redirect', 'super-accept'].sort(),
    );
  });

  it('answer each condition alone like the description, plain and with NOT', () => {
    const accept: Rule = { kind: 'ACTION_ACCEPT', not: false, or: false };
    for (const { kind, fields } of ruleSpecs) {
      if (kind.startsWith('ACTION')) continue;
      const results = new Set<string>();
      fc.assert(
        fc.property(ruleOf(kind, fields), frame, own, (single, asked, mine) => {
          for (const not of [false, true]) {
            const rules = [{ ...single, not, or: false }, accept];
            evaluate(compileRules(rules, false), asked, mine, evaluation);
            const slow = evaluateSlowly(rules, asked, mine, false);
            if (evaluation.result !== slow.result) expect(evaluation.result).toBe(slow.result);
            results.add(evaluation.result);
          }
        }),
        { numRuns: 500, seed: 2 },
      );
      expect([kind, results.size]).toEqual([kind, 2]);
    }
  });
});
