/** Addresses of roots, as people write them. */
import { describe, expect, it } from 'vitest';

import { formatInetAddress } from '../wire/inet-address.ts';
import { endpointsArgument } from './endpoint-argument.ts';
import { tableLines } from './table.ts';

describe('the endpoints of a root', () => {
  it('are understood as they are written elsewhere', () => {
    const cases = {
      '192.0.2.1/9000': '192.0.2.1/9000',
      '192.0.2.1:9000': '192.0.2.1/9000',
      '192.0.2.1': '192.0.2.1/9993',
      '[2001:db8::1]:9000': '2001:db8::1/9000',
      '[2001:db8::1]': '2001:db8::1/9993',
      '2001:db8::1/9000': '2001:db8::1/9000',
      '2001:db8::1': '2001:db8::1/9993',
    };
    for (const [word, text] of Object.entries(cases))
      expect(endpointsArgument(word).map(formatInetAddress), word).toEqual([text]);
    expect(endpointsArgument('192.0.2.1,192.0.2.2/7')).toHaveLength(2);
  });

  it('are refused where they are none', () => {
    for (const word of [
      '',
      'name',
      '192.0.2.1/',
      '192.0.2.1/0',
      '192.0.2.1:65536',
      '192.0.2/1',
      ',',
    ])
      expect(() => endpointsArgument(word), word).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID' }) as Error,
      );
  });
});

describe('a table', () => {
  it('has columns as wide as their widest cell', () => {
    expect(tableLines(['a', 'bb'], [['ccc', 'd']])).toEqual(['a    bb', 'ccc  d']);
    expect(tableLines(['a'], [])).toEqual(['a']);
  });
});
