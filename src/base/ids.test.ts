import { describe, expect, it } from 'vitest';

import {
  formatAddress,
  formatMac,
  formatU64,
  parseAddress,
  parseMac,
  parseNetworkId,
} from './ids.ts';

describe('identifiers', () => {
  it('are written with their leading zeros and read in either case', () => {
    expect(formatAddress(parseAddress('00D1AA4E1C')!)).toBe('00d1aa4e1c');
    expect(formatU64(parseNetworkId('00c5BC4bcc3c8a80')!)).toBe('00c5bc4bcc3c8a80');
    expect(formatMac(parseMac('02:AA:bb:cc:dd:0e')!)).toBe('02:aa:bb:cc:dd:0e');
    expect(parseMac('02-aa-bb-cc-dd-0e')).toBe(parseMac('02aabbccdd0e'));
  });

  it('are nothing else', () => {
    for (const text of ['', '45ad10e04', '45ad10e0471', '45ad10e04g', ' 45ad10e047', '0x45ad10e0'])
      expect(parseAddress(text), text).toBeNull();
    for (const text of ['', '283c5bc4bcc3c8a', '283c5bc4bcc3c8a81', '283c5bc4bcc3c8ag'])
      expect(parseNetworkId(text), text).toBeNull();
    for (const text of ['', '02:aa:bb:cc:dd', '02:aa:bb:cc:dd:0e:', '02:aa:bb:cc:dd:0e:11', '2:a'])
      expect(parseMac(text), text).toBeNull();
  });
});
