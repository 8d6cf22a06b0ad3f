/** The verbs that are only fields and bytes. Those that were not captured have samples made by hand from vl1 3. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { capturedPayloads, hex } from '../../../test/vectors/load.ts';
import { encode } from '../codec.ts';
import { ack } from './ack.ts';
import { acknowledgeConfig, configAcknowledgement, echo } from './echo.ts';
import { frame } from './frame.ts';
import { nop } from './nop.ts';
import { pathNegotiationRequest } from './path-negotiation-request.ts';
import { userMessage } from './user-message.ts';

const handMade = (text: string): { name: string; bytes: Uint8Array }[] => [
  { name: `made by hand: ${text}`, bytes: hex(text.replaceAll(' ', '')) },
];

describeCodec(nop, { samples: handMade(''), arbitrary: fc.constant({}) });

describeCodec(ack, {
  samples: handMade('0011223344'),
  arbitrary: fc.record({ data: values.bytes(40) }),
});

describeCodec(echo, {
  samples: [...capturedPayloads('ECHO').slice(0, 1), ...handMade('68656c6c6f')],
  arbitrary: fc.record({ data: values.bytes(40) }),
});

describeCodec(frame, {
  samples: capturedPayloads('FRAME')
    .filter(({ bytes }) => bytes.length < 120)
    .slice(0, 3),
  arbitrary: fc.record({
    networkId: values.networkId,
    etherType: values.u16,
    data: values.bytes(60),
  }),
});

describeCodec(userMessage, {
  samples: handMade('0000000000010001 68656c6c6f'),
  arbitrary: fc.record({ typeId: values.u64, data: values.bytes(60) }),
});

describeCodec(pathNegotiationRequest, {
  samples: [...handMade('8000'), ...handMade('7fff')],
  arbitrary: fc.record({ utility: fc.integer({ min: -0x8000, max: 0x7fff }) }),
});

describe('PATH_NEGOTIATION_REQUEST', () => {
  it('is signed', () => {
    expect(encode(pathNegotiationRequest, { utility: -2 })).toEqual(hex('fffe'));
  });
});

describe('an OK that names ECHO', () => {
  it('acknowledges a configuration in its 16 bytes (capture frame 48)', () => {
    const data = hex('283c5bc4bcc3c8a8246362e1444ca194');
    const acknowledgement = configAcknowledgement({ data });
    expect(acknowledgement).toEqual({
      networkId: 0x283c5bc4bcc3c8a8n,
      updateId: 0x246362e1444ca194n,
    });
    expect(acknowledgeConfig(acknowledgement!)).toEqual({ data });
  });

  it('acknowledges nothing with any other length', () => {
    for (const length of [0, 15, 17])
      expect(configAcknowledgement({ data: new Uint8Array(length) })).toBeNull();
  });
});

describe('what applications send', () => {
  it('is escaped for the terminal', () => {
    const data = hex('1b5d303b78079b');
    expect(userMessage.describe({ typeId: 7n, data })).toBe(
      'type 0000000000000007 7 bytes \\x1b]0;x\\x07\\x9b',
    );
  });
});
