/**
 * Nebula: AES-256-GCM (its default), certificates of an authority of its own, no lighthouse, since both hosts know where
 * the other is. Everything by default: MTU 1300, one routine, its usual port 4242.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runCommand } from '../../sys/command.ts';
import type { Engine, EngineContext } from './engine.ts';
import { deviceFinding, programFinding } from './requirements.ts';
import { tunnelNetwork, type TunnelProgram } from './tunnel-network.ts';

const link = 'nebula1';
const port = 4242;
const remedy = 'sudo apt-get install nebula';

export const nebula: Engine = {
  name: 'nebula',
  summary: 'Nebula, without a lighthouse',
  doctor: async (tools) => [
    await programFinding(tools, 'nebula', ['nebula', '-version'], remedy),
    await programFinding(tools, 'nebula', ['nebula-cert', '-version'], remedy),
    await deviceFinding(tools, 'nebula', 'tun'),
  ],
  up: async (context) => tunnelNetwork(context, await nebulaProgram(context)),
};

async function nebulaProgram(context: EngineContext): Promise<TunnelProgram> {
  const { hosts, subnet, signal } = context;
  const directory = await context.directory();
  const file = (name: string): string => join(directory, name);
  const cert = (...words: readonly string[]): Promise<unknown> =>
    runCommand(['nebula-cert', ...words], { signal });
  await cert(
    ...['ca', '-name', 'overspan lab'],
    ...['-out-crt', file('ca.crt'), '-out-key', file('ca.key')],
  );
  const places = Object.fromEntries(
    hosts.map((host) => [subnet.addressOf(host), [`${host.underlayAddress}:${port}`]]),
  );
  for (const host of hosts) {
    const { name } = host;
    await cert(
      ...['sign', '-name', name, '-ip', `${subnet.addressOf(host)}/${subnet.prefixLength}`],
      ...['-ca-crt', file('ca.crt'), '-ca-key', file('ca.key')],
      ...['-out-crt', file(`${name}.crt`), '-out-key', file(`${name}.key`)],
    );
    const any = [{ port: 'any', proto: 'any', host: 'any' }];
    const configuration = {
      pki: { ca: file('ca.crt'), cert: file(`${name}.crt`), key: file(`${name}.key`) },
      static_host_map: places,
      lighthouse: { am_lighthouse: false, hosts: [] },
      listen: { host: host.underlayAddress, port },
      tun: { dev: link },
      firewall: { inbound: any, outbound: any },
    };
    // JSON is YAML.
    await writeFile(file(`${name}.yml`), JSON.stringify(configuration));
  }
  return {
    encapsulation: 'nebula',
    link,
    port,
    assignsAddress: true,
    start: (host) =>
      context.start({
        host,
        name: 'nebula',
        argv: ['nebula', '-config', file(`${host.name}.yml`)],
      }),
  };
}
