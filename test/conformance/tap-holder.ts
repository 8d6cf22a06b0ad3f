/** Makes a TAP device in a process of its own, says `up` or the code of the error, and stays until it is killed. */
import { errorCode } from '../../src/base/errors.ts';
import type { Mac, NetworkId } from '../../src/base/ids.ts';
import { ffiTap } from '../../src/io/tap/index.ts';

try {
  ffiTap()({
    networkId: 1n as NetworkId,
    name: process.argv[2] ?? '',
    mac: 0x3211_2233_4477 as Mac,
    mtu: 2800,
    onFrames: () => undefined,
  });
  process.stdout.write('up\n');
} catch (error) {
  process.stdout.write(`${errorCode(error) ?? String(error)}\n`);
}
