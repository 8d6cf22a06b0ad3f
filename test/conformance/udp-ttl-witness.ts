/** A socket that sees with which time-to-live datagrams arrive: Node.js has no way to ask, so recvmsg(2) by FFI. */
import { requireKoffi } from '../../src/sys/ffi/foreign.ts';
import { libc } from '../../src/sys/ffi/libc.ts';
import { watchDescriptor } from '../../src/sys/ffi/poll.ts';
import { families, socketPortAt, writeSocketAddress } from '../../src/sys/ffi/socket-address.ts';
import { ipEndpoint } from '../../src/wire/inet-address.ts';
import type { TtlWitness } from './udp.ts';

/** Opens one on an address of the loopback interface. */
export function ttlWitness(ip: string): Promise<TtlWitness> {
  const library = libc();
  const foreign = requireKoffi();
  const recvmsg = foreign.load(null).func('recvmsg', 'int64', ['int', 'uintptr_t', 'int']);
  const address = ipEndpoint(ip, 0)!;
  const descriptor = library.socket(families[address.kind], 0x8_0802, 0);
  const name = new Uint8Array(28);
  library.bind(descriptor, name.subarray(0, writeSocketAddress(name, 0, address)));
  library.getsockname(descriptor, name);
  // IP_RECVTTL, IPV6_RECVHOPLIMIT.
  if (address.kind === 'ipv4') library.setsockopt(descriptor, 0, 12, 1);
  else library.setsockopt(descriptor, 41, 51, 1);

  const seen: { bytes: Uint8Array; ttl: number }[] = [];
  const waiting: (() => void)[] = [];
  const watch = watchDescriptor(library, descriptor, () => {
    const [data, control, header, iovec] = [2048, 128, 128, 128].map((n) => new Uint8Array(n));
    const at = (bytes: Uint8Array): bigint => foreign.address(bytes);
    const [h, v] = [new DataView(header!.buffer), new DataView(iovec!.buffer)];
    v.setBigUint64(0, at(data!), true);
    v.setBigUint64(8, 2048n, true);
    h.setBigUint64(16, at(iovec!), true);
    h.setBigUint64(24, 1n, true);
    h.setBigUint64(32, at(control!), true);
    h.setBigUint64(40, 128n, true);
    const length = recvmsg(descriptor, Number(at(header!)), 0x40);
    if (length < 0) return;
    // struct cmsghdr: length 8, level 4, type 4; then the int.
    seen.push({ bytes: data!.slice(0, length), ttl: control![16]! });
    waiting.shift()?.();
  });
  return Promise.resolve({
    port: socketPortAt(name, 0),
    next: async () => {
      if (seen.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return seen.shift()!;
    },
    close: () => {
      watch.close();
      library.close(descriptor);
    },
  });
}
