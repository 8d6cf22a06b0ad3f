/**
 * tinc 1.0 in router mode: AES-256-CBC and HMAC-SHA-256 cut to 4 bytes (its defaults), RSA keys of 2048 bits, port 655.
 *
 * The MTU is not its default. It leaves the device at 1500 and refuses what is too long, or cuts it; the device here gets
 * the largest that goes through in one piece over an underlay of 1500, what tinc's own TCP clamping comes to as well:
 *
 * ```
 * IPv4 20 | UDP 8 | sequence 4 | Ethernet 14 | IP packet 1437 | padding 1 to 16 | HMAC 4          = 1500
 * ```
 *
 * Until it has found out by probes how long a datagram may be, some seconds, tinc sends large packets over its TCP
 * connection: the network is ready only after that.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../../sys/command.ts';
import type { Daemon } from '../lab/daemon.ts';
import type { LabHost } from '../lab/host.ts';
import { readLink } from '../lab/link.ts';
import type { Engine, EngineContext } from './engine.ts';
import { deviceFinding, programFinding } from './requirements.ts';
import { tunnelNetwork, type TunnelProgram } from './tunnel-network.ts';

const link = 'tinc0';
const port = 655;
/** Of AES-CBC. */
const blockBytes = 16;

export const tinc: Engine = {
  name: 'tinc',
  summary: 'tinc 1.0 in router mode',
  doctor: async (tools) => [
    await programFinding(tools, 'tinc', ['tincd', '--version'], 'sudo apt-get install tinc'),
    await deviceFinding(tools, 'tinc', 'tun'),
  ],
  up: async (context) => tunnelNetwork(context, await tincProgram(context)),
};

async function tincProgram(context: EngineContext): Promise<TunnelProgram> {
  const { hosts, signal } = context;
  const directory = await context.directory();
  const place = (host: LabHost, ...names: readonly string[]): string =>
    join(directory, host.name, ...names);
  await Promise.all(
    hosts.map(async (host) => {
      await mkdir(place(host, 'hosts'), { recursive: true });
      await writeFile(place(host, 'tinc.conf'), configurationOf(host, hosts));
      await writeFile(place(host, 'hosts', host.name), hostFileOf(host, context));
      // Adds the public key to the file of the host.
      await runCommand(['tincd', '-c', place(host), '-K', '2048'], { signal, timeoutMs: 60_000 });
    }),
  );
  for (const host of hosts) {
    const hostFile = await readFile(place(host, 'hosts', host.name));
    for (const other of hosts) await writeFile(place(other, 'hosts', host.name), hostFile);
  }
  return {
    encapsulation: 'tinc',
    link,
    port,
    assignsAddress: false,
    start: (host) =>
      context.start({
        host,
        name: 'tincd',
        argv: ['tincd', '-c', place(host), '-D', `--pidfile=${place(host, 'pid')}`],
      }),
    configure: async (host) => {
      const { mtuBytes } = await readLink(host, host.underlayInterface);
      const cipherBytes = Math.floor((mtuBytes - 20 - 8 - 4) / blockBytes) * blockBytes;
      const innerBytes = cipherBytes - 4 - 1 - 14;
      await host.ip('link', 'set', 'dev', link, 'mtu', String(innerBytes));
    },
    isSettled: (daemon) => Promise.resolve(hasFoundMtu(daemon)),
  };
}

/** The first host is connected to by all others. */
function configurationOf(host: LabHost, hosts: readonly LabHost[]): string {
  const [first] = hosts;
  return [
    `Name = ${host.name}`,
    `Interface = ${link}`,
    'AddressFamily = ipv4',
    `BindToAddress = ${host.underlayAddress}`,
    ...(first === undefined || first.name === host.name ? [] : [`ConnectTo = ${first.name}`]),
    '',
  ].join('\n');
}

function hostFileOf(host: LabHost, { subnet }: EngineContext): string {
  return `Address = ${host.underlayAddress}\nSubnet = ${subnet.addressOf(host)}/32\n`;
}

/**
 * Asks the daemon for its tables, which it prints at SIGUSR2, and looks at those that it printed before:
 * ` b at 10.77.0.2 port 655 … pmtu 1451 (min 1451 max 1451)`.
 */
function hasFoundMtu(daemon: Daemon): boolean {
  const [table = ''] = daemon.said().split('Nodes:').slice(-1);
  process.kill(daemon.pid, 'SIGUSR2');
  const others = [...table.matchAll(/^ \w+ at [\d.]+ port .* pmtu \d+ \(min (\d+) max (\d+)\)/gm)];
  return others.length > 0 && others.every(([, least, most]) => least === most);
}
