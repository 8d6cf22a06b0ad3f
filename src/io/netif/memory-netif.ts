/** Devices and addresses inside the process, for tests: they remember what was asked of them. */
import type { TapState } from '../../core/ports.ts';
import type {
  AddressWatch,
  AddressWatchOptions,
  DeviceSetup,
  InterfaceAddress,
  OpenDevice,
} from './port.ts';

/** The interfaces of a machine. */
export class MemoryInterfaces {
  /** What each device that is in hand was last brought to; null once that was withdrawn. */
  readonly states = new Map<string, TapState | null>();
  readonly #watches = new Set<MemoryWatch>();
  #addresses: readonly InterfaceAddress[];

  /** @param addresses - of the machine at the beginning */
  constructor(addresses: readonly InterfaceAddress[] = []) {
    this.#addresses = addresses;
  }

  /** Takes a device in hand. */
  readonly openDevice: OpenDevice = (device): DeviceSetup => {
    this.states.set(device, null);
    return {
      apply: (state) => {
        this.states.set(device, state);
        return [];
      },
      withdraw: () => {
        this.states.set(device, null);
        return [];
      },
      close: () => this.states.delete(device),
    };
  };

  get addresses(): readonly InterfaceAddress[] {
    return this.#addresses;
  }

  /** Gives the machine other addresses, and tells those who watch. */
  setAddresses(addresses: readonly InterfaceAddress[]): void {
    this.#addresses = addresses;
    for (const watch of [...this.#watches]) watch.refresh();
  }

  /** As {@link watchAddresses} of the system. */
  watchAddresses(options: AddressWatchOptions): AddressWatch {
    const watch = new MemoryWatch(this, options, () => this.#watches.delete(watch));
    this.#watches.add(watch);
    return watch;
  }
}

class MemoryWatch implements AddressWatch {
  readonly #interfaces: MemoryInterfaces;
  readonly #options: AddressWatchOptions;
  readonly #forget: () => void;
  #addresses: readonly InterfaceAddress[];
  #isOpen = true;

  constructor(interfaces: MemoryInterfaces, options: AddressWatchOptions, forget: () => void) {
    this.#interfaces = interfaces;
    this.#options = options;
    this.#forget = forget;
    this.#addresses = this.#look();
  }

  get addresses(): readonly InterfaceAddress[] {
    return this.#addresses;
  }

  refresh(): void {
    if (!this.#isOpen) return;
    const before = this.#addresses;
    this.#addresses = this.#look();
    if (JSON.stringify(before) !== JSON.stringify(this.#addresses))
      this.#options.onChange(this.#addresses);
  }

  close(): void {
    this.#isOpen = false;
    this.#forget();
  }

  #look(): readonly InterfaceAddress[] {
    return this.#interfaces.addresses.filter(({ device }) => !this.#options.isExcluded(device));
  }
}
