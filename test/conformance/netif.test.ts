import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openKernelDevice, watchAddresses } from '../../src/io/netif/index.ts';
import type { AddressWatch, InterfaceAddress } from '../../src/io/netif/port.ts';
import { runCommand } from '../../src/sys/command.ts';
import { insideKind, passesInside } from './namespace-run.ts';
import { netifConformance } from './netif.ts';

const ip = async (words: string): Promise<unknown> => runCommand(['ip', ...words.split(' ')]);

if (insideKind === undefined) {
  describe('devices of the kernel', () => {
    passesInside(fileURLToPath(import.meta.url));
  });
} else {
  beforeAll(async () => {
    await ip('link add zttest0 type veth peer name other0');
    await ip('link set zttest0 up');
    await ip('link set other0 up');
    await ip('address add 172.31.0.1/24 dev other0');
  });
  afterAll(async () => {
    await ip('link delete zttest0');
  });

  describe('devices of the kernel', () => {
    netifConformance(openKernelDevice, { device: 'zttest0', other: 'other0' });
  });

  describe('the watch of addresses', () => {
    let watch: AddressWatch | undefined;
    afterEach(async () => {
      watch?.close();
      await ip('address flush dev zttest0 scope global');
    });

    /** Begins to watch. @returns the next change */
    const begin = (): (() => Promise<readonly InterfaceAddress[]>) => {
      const changes: (readonly InterfaceAddress[])[] = [];
      let wake: () => void = () => undefined;
      watch = watchAddresses({
        isExcluded: (device) => device === 'other0',
        onChange: (addresses) => {
          changes.push(addresses);
          wake();
        },
      });
      return async () => {
        while (changes.length === 0) await new Promise<void>((resolve) => (wake = resolve));
        return changes.shift()!;
      };
    };

    it('sees IPv4 addresses come and go, not those of the loopback and of excluded devices', async () => {
      const next = begin();
      expect(watch!.addresses).toEqual([]);
      await ip('address add 10.1.0.1/24 dev zttest0');
      const expected = [{ device: 'zttest0', family: 'ipv4', ip: '10.1.0.1' }];
      expect(await next()).toEqual(expected);
      expect(watch!.addresses).toEqual(expected);
      await ip('address delete 10.1.0.1/24 dev zttest0');
      expect(await next()).toEqual([]);
    });

    it('sees IPv6 addresses when they can be used, and none that are link-local', async () => {
      const next = begin();
      await ip('address add fd00::1/64 dev zttest0 nodad');
      expect(await next()).toEqual([{ device: 'zttest0', family: 'ipv6', ip: 'fd00::1' }]);
    });

    it('sees an interface go down and up', async () => {
      await ip('address add 10.1.0.1/24 dev zttest0');
      const next = begin();
      expect(watch!.addresses).toHaveLength(1);
      await ip('link set zttest0 down');
      expect(await next()).toEqual([]);
      await ip('link set zttest0 up');
      expect(await next()).toHaveLength(1);
    });

    it('says nothing when nothing changed, or it is closed', async () => {
      const next = begin();
      const first = watch!;
      await ip('address add 10.9.0.1/24 dev other0');
      await ip('address delete 10.9.0.1/24 dev other0');
      first.refresh();
      await ip('address add 10.1.0.1/24 dev zttest0');
      expect(await next()).toHaveLength(1);
      first.close();
      first.close();
      await ip('address delete 10.1.0.1/24 dev zttest0');
      first.refresh();
      expect(first.addresses).toHaveLength(1);
    });
  });
}
