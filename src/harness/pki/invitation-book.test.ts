import { describe, expect, it } from 'vitest';

import { InvitationBook } from './invitation-book.ts';

const now = 1_800_000_000_000;
const caSha256 = new Uint8Array(32).fill(7);
const minute = 60_000;

describe('InvitationBook', () => {
  it('redeems a secret once', () => {
    const book = new InvitationBook(caSha256);
    const invitation = book.create({ ttlMs: minute, now });
    expect(invitation.caSha256).toEqual(caSha256);
    const secret = invitation.secret.reveal();
    expect([1, 2, 3].map(() => book.redeem(secret, now))).toEqual(['ok', 'used', 'used']);
    expect(book.redeem(secret, now + 2 * minute)).toBe('used');
  });

  it('does not know other secrets, of any length', () => {
    const book = new InvitationBook(caSha256);
    const secret = book.create({ ttlMs: minute, now }).secret.reveal();
    for (const other of [
      new Uint8Array(),
      secret.subarray(1),
      new Uint8Array([...secret, 0]),
      secret.map((b) => b ^ 1),
    ])
      expect(book.redeem(other, now)).toBe('unknown');
    expect(book.redeem(secret, now)).toBe('ok');
  });

  it('ends an invitation at its expiry and not before', () => {
    const book = new InvitationBook(caSha256);
    const late = book.create({ ttlMs: minute, now });
    expect(late.expiresAtUnixMs).toBe(now + minute);
    expect(book.redeem(late.secret.reveal(), now + minute)).toBe('expired');
    expect(book.redeem(late.secret.reveal(), now + minute - 1)).toBe('ok');
  });

  it('forgets only what cannot be used any more when it is full', () => {
    const book = new InvitationBook(caSha256, 3);
    const [first, second, third] = [1, 2, 3].map((minutes) =>
      book.create({ ttlMs: minutes * minute, now }).secret.reveal(),
    );
    expect(() => book.create({ ttlMs: minute, now })).toThrow(
      expect.objectContaining({ code: 'INVITATION_LIMIT' }),
    );
    expect(book.redeem(second!, now)).toBe('ok');
    const fourth = book.create({ ttlMs: minute, now }).secret.reveal();
    expect(book.redeem(second!, now)).toBe('unknown');
    expect([first, third, fourth].map((secret) => book.redeem(secret!, now))).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });
});
