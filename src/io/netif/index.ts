/** Network interfaces: setting up our taps, and the machine's own addresses. */
export { watchAddresses } from './address-watch.ts';
export { openKernelDevice } from './kernel-device.ts';
export { machineRanges } from './machine-ranges.ts';
export { MemoryInterfaces } from './memory-netif.ts';
export type {
  AddressWatch,
  AddressWatchOptions,
  DeviceSetup,
  InterfaceAddress,
  OpenDevice,
} from './port.ts';
