import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import { latin1Bytes, latin1Text } from '../../base/bytes.ts';
import { decode, isDrop } from '../codec.ts';
import { authInfo } from './auth-info.ts';

// No capture holds one: these are written from vl2 3.7.
const version0 = latin1Bytes('aV=0000000000000000\naU=https://x.example/?a\\eb');
const version1 = latin1Bytes(
  'aV=0000000000000001\niU=https://i.example\naCU=https://c.example\naN=n\naS=s\naCID=c\naSSOp=default',
);
const optional = fc.option(fc.uint8Array({ maxLength: 20 }).map(latin1Text));

describeCodec(authInfo, {
  samples: [
    { name: 'version 0', bytes: version0 },
    { name: 'version 1', bytes: version1 },
  ],
  arbitrary: fc.record({
    version: fc.nat(9),
    url: optional,
    issuerUrl: optional,
    centralUrl: optional,
    nonce: optional,
    state: optional,
    clientId: optional,
    provider: optional,
    others: fc.constant([]),
  }),
});

describe('AuthInfo', () => {
  it('names where to sign on, in either version', () => {
    expect(decode(authInfo, version0)).toMatchObject({ version: 0, url: 'https://x.example/?a=b' });
    const value = decode(authInfo, version1);
    expect(value).toMatchObject({ version: 1, clientId: 'c', provider: 'default', others: [] });
    if (isDrop(value)) return;
    expect(value.textAsReceived).toBeUndefined();
    expect(authInfo.describe(value)).toBe('sign on, version 1, at https://i.example');
  });

  it('is at most 8,192 bytes long', () => {
    const long = (length: number): Uint8Array => latin1Bytes(`aU=${'x'.repeat(length - 3)}`);
    expect(isDrop(decode(authInfo, long(8192)))).toBe(false);
    expect(decode(authInfo, long(8193))).toBe('bad-dictionary');
  });
});
