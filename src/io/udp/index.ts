/** Choosing how datagrams are moved: by system calls where they can be made, else by `node:dgram`. */
import { errorMessage } from '../../base/errors.ts';
import { dgramUdp } from './dgram-udp.ts';
import { udpError } from './errors.ts';
import { ffiUdp } from './ffi-udp.ts';
import type { OpenUdp } from './port.ts';

export { dgramUdp, ffiUdp };
export { MemoryNetwork } from './memory-udp.ts';
export { UdpSockets } from './udp-sockets.ts';
export type { OpenUdp, UdpCounters, UdpOptions, UdpSocket } from './port.ts';

/** The variable that forces a choice: `ffi` or `node`. Unset or empty: the best that works. */
export const udpVariable = 'OVERSPAN_UDP';

export interface ChooseUdpOptions {
  /** Gets one sentence where the slower way is taken though nobody asked for it. */
  readonly log: (message: string) => void;
  /** Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Makes the faster way; another one in tests. */
  readonly ffi?: () => OpenUdp;
}

/**
 * Chooses.
 *
 * @throws UDP_UNKNOWN for an unknown name in {@link udpVariable}; FFI_UNAVAILABLE where it forces what cannot be had
 */
export function chooseUdp(options: ChooseUdpOptions): OpenUdp {
  const { log, environment = process.env, ffi = ffiUdp } = options;
  const forced = environment[udpVariable] ?? '';
  switch (forced) {
    case 'node':
      return dgramUdp();
    case 'ffi':
      return ffi();
    case '':
      break;
    default:
      throw udpError('UDP_UNKNOWN', `${udpVariable} names no way of ours: ${forced}`, {
        remedy: `Set ${udpVariable} to ffi or node, or unset it.`,
      });
  }
  try {
    return ffi();
  } catch (error) {
    log(`Datagrams are moved by node:dgram, which is slower: ${errorMessage(error)}`);
    return dgramUdp();
  }
}
