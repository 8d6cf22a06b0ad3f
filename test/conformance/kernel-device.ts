/** The kernel's side of a TAP device: a packet socket bound to it, packet(7), and `ip`. */
import { runCommand } from '../../src/sys/command.ts';
import { formatMac } from '../../src/base/ids.ts';
import { Rtnetlink } from '../../src/io/netif/rtnetlink.ts';
import { errnoName } from '../../src/sys/ffi/errno.ts';
import { libc } from '../../src/sys/ffi/libc.ts';
import { watchDescriptor } from '../../src/sys/ffi/poll.ts';
import { testEtherType, type DeviceWitness } from './tap.ts';

/** The device of a name in this namespace; null where there is none. */
export function kernelDevice(name: string): DeviceWitness | null {
  const kernel = new Rtnetlink();
  const link = kernel.link(name);
  kernel.close();
  if (typeof link === 'number') return null;

  const library = libc();
  const protocol = ((testEtherType & 0xff) << 8) | (testEtherType >> 8);
  // AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC.
  const descriptor = library.socket(17, 0x8_0803, protocol);
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, 17, true);
  view.setUint16(2, protocol, true);
  view.setInt32(4, link.index, true);
  check(library.bind(descriptor, address));

  const seen: Uint8Array[] = [];
  const waiting: (() => void)[] = [];
  const buffer = new Uint8Array(16_384);
  const watch = watchDescriptor(library, descriptor, () => {
    for (;;) {
      const length = library.read(descriptor, buffer, 0, buffer.length);
      if (length < 0) break;
      seen.push(buffer.slice(0, length));
    }
    for (const look of waiting.splice(0)) look();
  });
  let isOpen = true;
  return {
    mac: link.mac,
    mtu: link.mtu,
    send: (frame) => {
      check(library.write(descriptor, frame, 0, frame.length));
    },
    next: async () => {
      while (seen.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return seen.shift()!;
    },
    join: async (group) => {
      await runCommand(['ip', 'maddress', 'add', formatMac(group.mac), 'dev', name]);
    },
    delete: async () => {
      await runCommand(['ip', 'link', 'delete', 'dev', name]);
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      watch.close();
      library.close(descriptor);
    },
  };
}

function check(result: number): void {
  if (result < 0) throw new Error(errnoName(result));
}
