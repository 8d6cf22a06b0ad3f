/** TAP devices: of the kernel, and inside the process. */
export { ffiTap } from './ffi-tap.ts';
export { MemoryMachine } from './memory-tap.ts';
export { tapMtuMax, tapMtuMin } from './port.ts';
export type { OpenTap, Tap, TapCounters, TapOptions } from './port.ts';
