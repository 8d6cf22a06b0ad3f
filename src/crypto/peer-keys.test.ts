import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { hex, loadVectors } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { Secret } from '../base/secret.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { PeerKeys } from './peer-keys.ts';

interface AgreementVector {
  readonly a_secret: string;
  readonly b_secret: string;
  readonly b_public: string;
  readonly shared32_salsa_key: string;
}

const provider = nodeProvider();
const vector = loadVectors<AgreementVector[]>('key-agreement.json')[0]!;
const secretOf = (identity: string): Secret<Uint8Array> => new Secret(hex(identity.split(':')[3]!));
const publicOf = (identity: string): Uint8Array => hex(identity.split(':')[2]!);

function pair(): [PeerKeys, PeerKeys] {
  return [
    PeerKeys.agree(provider, secretOf(vector.a_secret), publicOf(vector.b_secret))!,
    PeerKeys.agree(provider, secretOf(vector.b_secret), publicOf(vector.a_secret))!,
  ];
}

describe('the keys of a peer', () => {
  it('are the same on both sides: what one seals the other opens', () => {
    const [a, b] = pair();
    expect(toHex(a.salsaKey)).toBe(vector.shared32_salsa_key);
    expect(b.salsaKey).toEqual(a.salsaKey);
    const [bytes, tag, iv] = [new Uint8Array(50).fill(7), new Uint8Array(16), new Uint8Array(8)];
    a.siv.seal(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), new Uint8Array(11), bytes, 3, 47, tag);
    expect(b.siv.open(tag, new Uint8Array(11), bytes, 3, 47, iv)).toBe(true);
    expect(bytes).toEqual(new Uint8Array(50).fill(7));
    a.close();
    b.close();
  });

  it('are not made with a point of low order', () => {
    const lowOrder = new Uint8Array(64);
    expect(PeerKeys.agree(provider, secretOf(vector.a_secret), lowOrder)).toBeNull();
  });

  it('print nothing', () => {
    const [keys] = pair();
    for (const text of [String(keys), JSON.stringify({ keys }), inspect({ keys }, { depth: 9 })]) {
      expect(text).toContain('[redacted]');
      expect(text).not.toContain(vector.shared32_salsa_key.slice(0, 8));
    }
    keys.close();
  });

  it('are wiped when closed, more than once if need be, and then refuse to work', () => {
    const [keys] = pair();
    const salsaKey = keys.salsaKey;
    keys.close();
    keys.close();
    expect(salsaKey).toEqual(new Uint8Array(32));
    expect(() => {
      keys.siv.seal(new Uint8Array(8), salsaKey, new Uint8Array(9), 0, 9, new Uint8Array(16));
    }).toThrow('closed');
  });

  it('do not wipe the shared bytes that they are made from', () => {
    const shared = new Uint8Array(48).fill(5);
    const keys = PeerKeys.fromShared(provider, shared);
    keys.close();
    expect(shared).toEqual(new Uint8Array(48).fill(5));
  });
});
