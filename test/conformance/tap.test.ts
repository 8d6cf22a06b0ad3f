import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { ffiTap, MemoryMachine } from '../../src/io/tap/index.ts';
import { spawnProcess, type ProcessHandle } from '../../src/sys/process.ts';
import { tapRefusal } from '../tap-access.ts';
import { kernelDevice } from './kernel-device.ts';
import { insideKind, passesInside } from './namespace-run.ts';
import { tapConformance, type DeviceWitness } from './tap.ts';

if (insideKind === undefined) {
  describe('TAP devices inside the process', () => {
    const machine = new MemoryMachine();
    tapConformance(machine.openTap, { witness: (name) => memoryDevice(machine, name) });
  });
  describe('TAP devices of the kernel', () => {
    passesInside(fileURLToPath(import.meta.url), tapRefusal);
  });
} else {
  describe('TAP devices of the kernel', () => {
    tapConformance(ffiTap(), { witness: kernelDevice });

    it('vanish when the process that made them is killed', async () => {
      const holder = await startHolder([]);
      expect(await firstLine(holder)).toBe('up');
      expect(kernelDevice('ztheld0')).not.toBeNull();
      process.kill(holder.pid, 'SIGKILL');
      await holder.exited;
      expect(kernelDevice('ztheld0')).toBeNull();
    });

    it('are refused to who may not make them, and where the kernel has none, with a code', async () => {
      const refusals = {
        TAP_PERMISSION: ['setpriv', '--bounding-set=-all', '--inh-caps=-all'],
        TAP_MISSING: [
          'unshare',
          '--mount',
          'sh',
          '-c',
          `mount -t tmpfs t /dev/net && exec "$@"`,
          'sh',
        ],
      };
      for (const [code, before] of Object.entries(refusals)) {
        const holder = await startHolder(before);
        expect(await firstLine(holder)).toBe(code);
        await holder.kill();
      }
    });
  });
}

/** @param before - words before the command that take something away from it */
function startHolder(before: readonly string[]): Promise<ProcessHandle> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const file = fileURLToPath(new URL('./tap-holder.ts', import.meta.url));
  return spawnProcess([...before, process.execPath, '--import', loader, file, 'ztheld0']);
}

async function firstLine({ stdout, exited }: ProcessHandle): Promise<string> {
  let text = '';
  stdout!.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await Promise.race([once(stdout!, 'data'), exited]);
  return text.trim();
}

function memoryDevice(machine: MemoryMachine, name: string): DeviceWitness | null {
  const device = machine.device(name);
  if (device === undefined) return null;
  const seen: Uint8Array[] = [];
  device.onFrame = (frame) => seen.push(frame);
  return {
    mac: device.mac,
    mtu: device.mtu,
    send: device.send,
    next: () => Promise.resolve(seen.shift()!),
    join: (group) => {
      device.groups = [...device.groups, group];
      return Promise.resolve();
    },
    delete: () => {
      device.delete();
      return Promise.resolve();
    },
    close: () => undefined,
  };
}
