/** Addresses that are typed for a member: what is taken, and what is said of them. */
import { describe, expect, it } from 'vitest';

import { ipList } from './ip-list.ts';

const routes = [{ target: '10.147.17.0/24' }, { target: 'fd00::/64' }];
const holders = new Map([['10.147.17.5', 'laptop']]);
const read = (text: string): ReturnType<typeof ipList> => ipList(text, routes, holders);

describe('addresses that are typed', () => {
  it('may have anything between them, and are kept in one form, each once', () => {
    expect(read(' 10.147.17.1,10.147.17.2\n FD00:0::1; fd00::1 ')).toEqual({
      ips: ['10.147.17.1', '10.147.17.2', 'fd00::1'],
      oddities: [],
    });
    expect(read('')).toEqual({ ips: [], oddities: [] });
  });

  it.each(['10.147.17', '10.147.17.256', '10.147.17.1/24', '<b>', 'fd00:::1'])(
    'is none: %s',
    (text) => {
      expect(read(text)).toEqual({ ips: [], oddities: [{ ip: text, kind: 'invalid', by: '' }] });
    },
  );

  it('may be outside of all routes, which is said', () => {
    expect(read('10.147.18.1 fd01::1').oddities.map(({ kind }) => kind)).toEqual([
      'unrouted',
      'unrouted',
    ]);
  });

  it('may be of another member, which is said with whose', () => {
    expect(read('10.147.17.5').oddities).toEqual([
      { ip: '10.147.17.5', kind: 'taken', by: 'laptop' },
    ]);
  });
});
