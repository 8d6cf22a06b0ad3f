import { describe, expect, it } from 'vitest';

import { ffiError } from '../../sys/ffi/errors.ts';
import { chooseUdp, type OpenUdp } from './index.ts';

const fast: OpenUdp = () => Promise.reject(new Error('not opened here'));

function choose(
  variable: string | undefined,
  ffi: () => OpenUdp = () => fast,
): [OpenUdp, string[]] {
  const logged: string[] = [];
  const environment = variable === undefined ? {} : { OVERSPAN_UDP: variable };
  return [chooseUdp({ log: (message) => logged.push(message), environment, ffi }), logged];
}

const refuse = (): never => {
  throw ffiError('FFI_UNAVAILABLE', 'no koffi', { remedy: 'install it' });
};

describe('choosing how datagrams are moved', () => {
  it('takes system calls where they can be made, silently', () => {
    expect(choose(undefined)).toEqual([fast, []]);
    expect(choose('')).toEqual([fast, []]);
    expect(choose('ffi')).toEqual([fast, []]);
  });

  it('falls back to node:dgram with the reason', () => {
    const [open, logged] = choose(undefined, refuse);
    expect(open).not.toBe(fast);
    expect(logged).toEqual([expect.stringContaining('no koffi')]);
  });

  it('does what it is told', () => {
    expect(choose('node')[0]).not.toBe(fast);
    expect(() => choose('ffi', refuse)).toThrow('no koffi');
    expect(() => choose('carrier-pigeon')).toThrow(
      expect.objectContaining({ code: 'UDP_UNKNOWN' }) as Error,
    );
  });
});
