import fc from 'fast-check';
import { expect, it } from 'vitest';

import { wholeRecords } from './record-writes.ts';

const record = (body: Uint8Array): Uint8Array =>
  Uint8Array.of(23, 3, 3, body.length >> 8, body.length & 255, ...body);

it('cuts a write at the ends of its records', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 5 }), (bodies) => {
      const records = bodies.map(record);
      expect(wholeRecords(Uint8Array.from(Buffer.concat(records)))).toEqual(records);
    }),
  );
});

it('loses no byte of anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(Uint8Array.from(Buffer.concat(wholeRecords(bytes)))).toEqual(bytes);
    }),
  );
});
