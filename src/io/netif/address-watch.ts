/**
 * Watching the machine's own addresses: the kernel tells of a change through netlink, and every 30 s we look anyway.
 * Where netlink cannot be had we look every 2 s: that costs 0.2 ms.
 */
import { libc, type Libc } from '../../sys/ffi/libc.ts';
import { NetlinkSocket } from '../../sys/ffi/netlink.ts';
import { watchDescriptor, type DescriptorWatch } from '../../sys/ffi/poll.ts';
import type { AddressWatch, AddressWatchOptions, InterfaceAddress } from './port.ts';
import { systemAddresses, type AddressSources } from './system-addresses.ts';

/** How the watch gets to know. */
export interface AddressWatchSources {
  /** @throws FFI_UNAVAILABLE */
  readonly libc?: () => Libc;
  readonly addresses?: AddressSources;
  /** Default 30 s when the kernel tells, else 2 s. */
  readonly pollMs?: number;
}

/** Begins to watch. Does not keep the process alive without netlink. */
export function watchAddresses(
  options: AddressWatchOptions,
  sources: AddressWatchSources = {},
): AddressWatch {
  return new SystemAddressWatch(options, sources);
}

const pollMsTold = 30_000;
const pollMsUntold = 2_000;
/** Changes come in bunches: link, address, route. One look after the first of them is enough, and late enough for all. */
const settleMs = 20;

class SystemAddressWatch implements AddressWatch {
  readonly #options: AddressWatchOptions;
  readonly #sources: AddressWatchSources;
  readonly #news: News | null;
  readonly #timer: NodeJS.Timeout;
  #addresses: readonly InterfaceAddress[];
  #settling: NodeJS.Timeout | null = null;
  #isOpen = true;

  constructor(options: AddressWatchOptions, sources: AddressWatchSources) {
    this.#options = options;
    this.#sources = sources;
    // First the ear, then the look: nothing falls between them.
    this.#news = openNews(sources.libc ?? libc, () => {
      this.#settling ??= setTimeout(() => {
        this.#settling = null;
        this.refresh();
      }, settleMs);
    });
    this.#addresses = this.#look();
    const pollMs = sources.pollMs ?? (this.#news === null ? pollMsUntold : pollMsTold);
    this.#timer = setInterval(() => {
      this.refresh();
    }, pollMs).unref();
  }

  get addresses(): readonly InterfaceAddress[] {
    return this.#addresses;
  }

  refresh(): void {
    if (!this.#isOpen) return;
    const before = this.#addresses;
    this.#addresses = this.#look();
    if (listKey(before) !== listKey(this.#addresses)) this.#options.onChange(this.#addresses);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#news?.close();
    clearInterval(this.#timer);
    if (this.#settling !== null) clearTimeout(this.#settling);
  }

  #look(): readonly InterfaceAddress[] {
    return systemAddresses(this.#options.isExcluded, this.#sources.addresses);
  }
}

/** What the kernel tells. */
interface News {
  close(): void;
}

/** RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR. */
const newsGroups = 0x1 | 0x10 | 0x100;

/** @returns null where the system does not tell */
function openNews(load: () => Libc, onNews: () => void): News | null {
  let library: Libc;
  let socket: NetlinkSocket;
  try {
    library = load();
    socket = new NetlinkSocket(library, newsGroups);
  } catch {
    return null;
  }
  const watch: DescriptorWatch = watchDescriptor(library, socket.descriptor, () => {
    if (socket.drain()) onNews();
  });
  return {
    close: () => {
      watch.close();
      socket.close();
    },
  };
}

function listKey(addresses: readonly InterfaceAddress[]): string {
  return addresses.map(({ device, ip }) => `${device} ${ip}`).join('\n');
}
