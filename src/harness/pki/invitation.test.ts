import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { errorCode } from '../../base/errors.ts';
import { decodeInvitation, encodeInvitation, type Invitation } from './invitation.ts';
import { Secret } from '../../base/secret.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const invitations: fc.Arbitrary<Invitation> = fc.record({
  expiresAtUnixMs: fc.integer({ min: 1, max: 0xffff_ffff }).map((seconds) => seconds * 1000),
  secret: bytes(16).map((secret) => new Secret(secret)),
  caSha256: bytes(32),
});
const plain = ({ expiresAtUnixMs, secret, caSha256 }: Invitation): unknown => ({
  expiresAtUnixMs,
  secret: [...secret.reveal()],
  caSha256: [...caSha256],
});
const example: Invitation = {
  expiresAtUnixMs: 1_800_000_000_000,
  secret: new Secret(new Uint8Array(16).fill(0xa5)),
  caSha256: new Uint8Array(32).map((_, index) => index),
};

/** The value, or the code of the error; anything else fails the test. */
function attempt(text: string, now: number): Invitation | string {
  try {
    return decodeInvitation(text, now);
  } catch (error) {
    const code = errorCode(error);
    expect(code).toMatch(/^INVITATION_(MALFORMED|EXPIRED)$/);
    expect(JSON.stringify(error)).not.toContain('paWlpaWl');
    return code ?? '';
  }
}

describe('invitation', () => {
  it('has the layout of its documentation', () => {
    const text = encodeInvitation(example);
    expect(text).toMatch(/^ovs1_[\w-]{71}$/);
    expect(Buffer.from(text.slice(5), 'base64url').toString('hex')).toBe(
      '01' +
        '6b49d200' +
        'a5'.repeat(16) +
        '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    );
  });

  it('comes back as it was', () => {
    fc.assert(
      fc.property(invitations, (invitation) => {
        expect(plain(decodeInvitation(encodeInvitation(invitation), 0))).toEqual(plain(invitation));
      }),
    );
  });

  it('survives the line breaks of a terminal', () => {
    const text = encodeInvitation(example);
    expect(plain(decodeInvitation(` ${text.slice(0, 40)}\r\n ${text.slice(40)}\n`, 0))).toEqual(
      plain(example),
    );
  });

  it('is refused at every truncation', () => {
    const text = encodeInvitation(example);
    for (let length = 0; length < text.length; length++)
      expect(attempt(text.slice(0, length), 0)).toBe('INVITATION_MALFORMED');
    expect(attempt(`${text}A`, 0)).toBe('INVITATION_MALFORMED');
  });

  it('is refused or another invitation at every flipped bit', () => {
    const text = Buffer.from(encodeInvitation(example), 'latin1');
    for (let bit = 0; bit < text.length * 8; bit++) {
      const flipped = Buffer.from(text);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const result = attempt(flipped.toString('latin1'), 0);
      if (typeof result !== 'string') expect(plain(result)).not.toEqual(plain(example));
    }
  });

  it('never throws anything but its own errors', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `ovs1_${text}`),
        ),
        (text) => {
          attempt(text, 0);
        },
      ),
    );
  });

  it('ends at its expiry', () => {
    const text = encodeInvitation(example);
    expect(typeof attempt(text, example.expiresAtUnixMs - 1)).toBe('object');
    expect(attempt(text, example.expiresAtUnixMs)).toBe('INVITATION_EXPIRED');
  });

  it('does not show its secret when printed', () => {
    for (const shown of [JSON.stringify(example), inspect(example), String(example.secret)]) {
      expect(shown).toContain('[redacted]');
      expect(shown).not.toMatch(/a5a5|165|paWl/);
    }
  });
});
