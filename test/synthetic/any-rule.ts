/** Rules of every kind with any values, for properties. */
import fc from 'fast-check';

import type { Address, Mac } from '../../src/base/ids.ts';
import type { FieldKind, FieldValues } from '../../src/wire/rules/rule-fields.ts';
import { ruleSpecs } from '../../src/wire/rules/rule-table.ts';
import type { Rule } from '../../src/wire/rules/rule.ts';

const fieldValues: { readonly [Kind in FieldKind]: fc.Arbitrary<FieldValues[Kind]> } = {
  u8: fc.nat(0xff),
  u16: fc.nat(0xffff),
  u32: fc.nat(0xffff_ffff),
  hex16: fc.oneof(fc.nat(0xffff), fc.constantFrom(0x0800, 0x0806, 0x86dd)),
  u64: fc.oneof(
    fc.bigInt(0n, 0xffff_ffff_ffff_ffffn),
    fc.nat(63).map((bit) => 1n << BigInt(bit)),
  ),
  address: fc.nat(0xff_ffff_ffff).map((value) => value as Address),
  address64: fc.nat(0xff_ffff_ffff).map((value) => value as Address),
  mac: fc.nat(0xffff_ffff_ffff).map((value) => value as Mac),
  ipv4: fc.nat(0xffff_ffff),
  ipv6: fc.uint8Array({ minLength: 16, maxLength: 16 }),
};

const knownIds = new Set(ruleSpecs.map(({ id }) => id));

/** Of the table, and unknown ones. */
export const anyRule: fc.Arbitrary<Rule> = fc
  .record({ not: fc.boolean(), or: fc.boolean() })
  .chain((flags) =>
    fc.oneof(
      ...ruleSpecs.map(({ kind, fields }) =>
        fc
          .record(
            Object.fromEntries(
              Object.entries(fields).map(([name, field]) => [
                name,
                fieldValues[field] as fc.Arbitrary<unknown>,
              ]),
            ),
          )
          .map((values) => ({ kind, ...flags, ...values }) as unknown as Rule),
      ),
      fc.record({
        kind: fc.constant('UNKNOWN' as const),
        not: fc.constant(flags.not),
        or: fc.constant(flags.or),
        id: fc.nat(63).filter((id) => !knownIds.has(id)),
        field: fc.uint8Array({ maxLength: 255 }),
      }),
    ),
  );
