/**
 * WireGuard in user space, `wireguard-go`: ChaCha20-Poly1305, no link of the kernel's own WireGuard. Everything by
 * default: MTU 1420, no keepalive; its usual port 51820.
 *
 * Its control socket is a file of fixed name in /run/wireguard, which namespaces of the network share. Daemon and `wg`
 * of a host therefore see a directory of the engine in the place of /run.
 */
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { assert } from '../../base/errors.ts';
import type { LabHost } from '../lab/host.ts';
import { parseHostPort } from '../probe/target.ts';
import type { Engine, EngineContext } from './engine.ts';
import { deviceFinding, programFinding } from './requirements.ts';
import { otherOf, tunnelNetwork, type TunnelProgram } from './tunnel-network.ts';

const link = 'wg0';
const port = 51_820;
const remedy = 'sudo apt-get install wireguard-go wireguard-tools';

export const wireguardGo: Engine = {
  name: 'wireguard-go',
  summary: 'WireGuard in user space',
  doctor: async (tools) => [
    await programFinding(tools, 'wireguard-go', ['wireguard-go', '--version'], remedy),
    await programFinding(tools, 'wireguard-go', ['wg', '--version'], remedy),
    await deviceFinding(tools, 'wireguard-go', 'tun'),
  ],
  up: async (context) => tunnelNetwork(context, await wireguard(context)),
};

interface KeyPair {
  readonly privateFile: string;
  readonly publicKey: string;
}

async function wireguard(context: EngineContext): Promise<TunnelProgram> {
  const { hosts, subnet } = context;
  const directory = await context.directory();
  const runDirectory = (host: LabHost): string => join(directory, `run-${host.name}`);
  const keys = new Map<string, KeyPair>();
  for (const host of hosts) {
    await mkdir(join(runDirectory(host), 'wireguard'), { recursive: true, mode: 0o700 });
    keys.set(host.name, await makeKeys(join(directory, `key-${host.name}`)));
  }
  const keysOf = (host: LabHost): KeyPair => {
    const pair = keys.get(host.name);
    assert(pair !== undefined, 'every host has keys');
    return pair;
  };
  const inRun = (host: LabHost, ...argv: readonly string[]): string[] => [
    ...['sh', '-c', 'mount --bind "$1" /run && shift && exec "$@"', 'sh', runDirectory(host)],
    ...argv,
  ];
  return {
    encapsulation: 'wireguard',
    link,
    port,
    assignsAddress: false,
    start: (host) =>
      context.start({
        host,
        name: 'wireguard-go',
        argv: inRun(host, 'wireguard-go', '--foreground', link),
      }),
    configure: async (host) => {
      const other = otherOf(hosts, host);
      await host.run(
        inRun(
          host,
          ...['wg', 'set', link, 'listen-port', String(port)],
          ...['private-key', keysOf(host).privateFile],
          ...['peer', keysOf(other).publicKey],
          ...['allowed-ips', `${subnet.addressOf(other)}/32`],
          ...['endpoint', `${other.underlayAddress}:${port}`],
        ),
      );
    },
    endpoint: async (from) => {
      const { stdout } = await from.run(inRun(from, 'wg', 'show', link, 'endpoints'));
      const { host, port: at } = parseHostPort(stdout.trim().split('\t')[1] ?? '', port) ?? {};
      assert(host !== undefined && at !== undefined, 'a peer has an endpoint');
      return { address: host, port: at };
    },
  };
}

/** X25519, in the form that `wg` reads: base64 of 32 bytes. */
async function makeKeys(privateFile: string): Promise<KeyPair> {
  const { d = '', x = '' } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' });
  const base64 = (text: string): string => Buffer.from(text, 'base64url').toString('base64');
  await writeFile(privateFile, `${base64(d)}\n`, { mode: 0o600 });
  return { privateFile, publicKey: base64(x) };
}
