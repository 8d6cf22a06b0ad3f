import { describe, expect, it } from 'vitest';

import { ffiError } from '../../sys/ffi/errors.ts';
import { ffiTap } from './ffi-tap.ts';

describe('TAP devices of the kernel', () => {
  it('are said to be unavailable, with what to do, where the C library cannot be called', () => {
    const load = (): never => {
      throw ffiError('FFI_UNAVAILABLE', 'no koffi', { remedy: 'install it' });
    };
    expect(() => ffiTap(load)).toThrow(
      expect.objectContaining({
        code: 'TAP_UNAVAILABLE',
        message: expect.stringContaining('no koffi') as string,
        remedy: expect.stringContaining('npm install koffi') as string,
      }) as Error,
    );
  });
});
