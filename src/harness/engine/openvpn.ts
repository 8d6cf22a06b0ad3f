/**
 * OpenVPN 2.6 between two peers: TLS with certificates made here, AES-256-GCM, UDP, without the kernel's data channel
 * offload (its Debian package has no module). The rest by default: device MTU 1500, so that a full packet takes two of
 * the underlay, TCP clamped by `mssfix`; its usual port 1194.
 */
import { systemClock } from '../../sys/clock.ts';
import { initAuthority, issueClient, issueServer } from '../pki/index.ts';
import type { Engine, EngineContext } from './engine.ts';
import { deviceFinding, programFinding } from './requirements.ts';
import { otherOf, tunnelNetwork, type TunnelProgram } from './tunnel-network.ts';

const link = 'ovpn0';
const port = 1194;
/** Validity of certificates that live as long as a lab. */
const days = 60;

export const openvpn: Engine = {
  name: 'openvpn',
  summary: 'OpenVPN between two peers, AES-256-GCM over UDP',
  doctor: async (tools) => [
    await programFinding(
      tools,
      'openvpn',
      ['openvpn', '--version'],
      'sudo apt-get install openvpn',
    ),
    await deviceFinding(tools, 'openvpn', 'tun'),
  ],
  up: async (context) => tunnelNetwork(context, await openvpnProgram(context)),
};

async function openvpnProgram(context: EngineContext): Promise<TunnelProgram> {
  const { hosts } = context;
  const directory = await context.directory();
  const now = systemClock.wallMs();
  const authority = await initAuthority(directory, { name: 'Overspan lab', days, now });
  const server = await issueServer(directory, { names: ['lab'], days, now });
  const client = await issueClient(directory, { name: 'lab', days, now });
  return {
    encapsulation: 'openvpn',
    link,
    port,
    assignsAddress: false,
    start: (host) => {
      const isServer = host.name === hosts[0]?.name;
      const identity = isServer ? server : client;
      return context.start({
        host,
        name: 'openvpn',
        argv: [
          ...['openvpn', '--dev', link, '--dev-type', 'tun', '--proto', 'udp4'],
          ...['--local', host.underlayAddress, '--lport', String(port)],
          ...['--remote', otherOf(hosts, host).underlayAddress, String(port)],
          ...(isServer ? ['--tls-server', '--dh', 'none'] : ['--tls-client']),
          ...['--ca', authority.cert, '--cert', identity.cert, '--key', identity.key],
          ...['--data-ciphers', 'AES-256-GCM', '--disable-dco', '--verb', '3'],
        ],
      });
    },
  };
}
