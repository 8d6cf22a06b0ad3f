/**
 * `flow.pcap`: three real nodes in network namespaces, and a virtual network from joining to its end (`captures/README.md`).
 *
 * What their hosts sent into the network is not recorded as such; `host-inputs.ts` draws it from what the nodes made of it.
 */
import { formatU64, parseAddress, type NetworkId } from '../../../src/base/ids.ts';
import { CaptureParser } from '../../../src/io/pcap/capture-parser.ts';
import { udpDatagram, type UdpEndpoint } from '../../../src/io/pcap/index.ts';
import { latin1Text } from '../../../src/base/bytes.ts';
import { decode, isDrop } from '../../../src/wire/codec.ts';
import { parseSecretIdentity } from '../../../src/wire/identity.ts';
import { world } from '../../../src/wire/world.ts';
import {
  capturedCommands,
  memberSettings,
  networkSettings,
  type CapturedCommand,
} from '../../vectors/captured-commands.ts';
import { loadBytes } from '../../vectors/load.ts';
import {
  names,
  type Command,
  type Name,
  type RecordedDatagram,
  type Recording,
} from './recording.ts';

/** What the times of the capture are counted from, as in its README, ms since the Unix epoch. */
const startMs = 1_795_363_866_009;

const endpoints: Readonly<Record<Name, string>> = {
  A: '10.77.0.2/9994',
  B: '10.77.0.3/9995',
  R: '10.77.0.1/9993',
};

/** The capture. */
export function captureRecording(): Recording {
  const planet = decode(world, loadBytes('captures/planet'));
  if (isDrop(planet)) throw new Error(planet);
  const datagrams = capturedDatagrams();
  const node = (name: Name): Recording['nodes'][Name] => ({
    identity: parseSecretIdentity(
      latin1Text(loadBytes(`captures/identities/${name}.identity.secret`)).trim(),
    )!,
    endpoint: endpoints[name],
    planet,
    moons: [],
    // The members greet the root as soon as they are there; it was there before.
    startMs: name === 'R' ? 0 : datagrams.find(({ from }) => from === name)!.t,
  });
  return {
    startMs,
    endMs: datagrams.at(-1)!.t,
    nodes: { A: node('A'), B: node('B'), R: node('R') },
    datagrams,
    commands: capturedCommands().map((command): Command => ({
      t: command.t * 1_000 - startMs,
      node: command.node,
      run: actionOf(command),
    })),
    controllers: ['R'],
  };
}

function capturedDatagrams(): RecordedDatagram[] {
  const datagrams: RecordedDatagram[] = [];
  const parser = new CaptureParser('flow.pcap');
  for (const frame of parser.push(loadBytes('captures/flow.pcap'))) {
    const datagram = udpDatagram(frame);
    if (typeof datagram === 'string' || frame.timeNs === null) continue;
    const fromEndpoint = text(datagram.source);
    const from = names.find((name) => endpoints[name] === fromEndpoint);
    if (from === undefined) continue;
    datagrams.push({
      t: Number(frame.timeNs - BigInt(startMs) * 1_000_000n) / 1e6,
      from,
      fromEndpoint,
      toEndpoint: text(datagram.destination),
      bytes: datagram.payload.slice(),
    });
  }
  parser.end();
  return datagrams;
}

function text({ address, port }: UdpEndpoint): string {
  return `${address.join('.')}/${port}`;
}

/** What a command has our node do. */
function actionOf({ command, body = {} }: CapturedCommand): Command['run'] {
  const [, verb, path = ''] = /^(\S+) (.*)$/.exec(command)!;
  const member = /^\/controller\/network\/(\w{16})\/member\/(\w{10})$/.exec(path);
  const network = /^\/controller\/network\/(\w{16})$/.exec(path);
  const joined = /^(?:\/network\/)?(\w{16})$/.exec(path);
  if (member !== null) {
    const [networkId, address] = [idOf(member[1]!), parseAddress(member[2]!)!];
    return ({ controller }, now) => {
      if (verb === 'DELETE') {
        controller!.deleteMember(now, networkId, address);
        return;
      }
      controller!.setMember(now, networkId, address, memberSettings(body));
      if (body['authorized'] === true) controller!.authorize(now, networkId, address);
      if (body['authorized'] === false) controller!.deauthorize(now, networkId, address);
    };
  }
  if (network !== null) {
    const networkId = idOf(network[1]!);
    return ({ controller }, now) => {
      if (verb === 'DELETE') controller!.deleteNetwork(now, networkId);
      else controller!.setNetwork(now, networkId, networkSettings(body));
    };
  }
  if (command === 'POST /controller/network/283c5bc4bc*')
    return ({ controller }, now) => {
      controller!.importNetwork(now, labNetworkId);
    };
  if (joined !== null) {
    const networkId = idOf(joined[1]!);
    const isJoin = verb === 'POST' || verb === 'join';
    return ({ node }, now) => {
      if (isJoin) node.join(now, networkId);
      else node.leave(now, networkId);
    };
  }
  const [moon, seed] = path.split(' ');
  return ({ node }, now) => {
    if (verb === 'orbit') node.orbit(now, idOf(moon!), parseAddress(seed!)!);
    else if (verb === 'deorbit') node.deorbit(now, idOf(moon!));
    else throw new Error(`a command that nobody knows: ${command}`);
  };
}

/** The network of the capture. */
export const labNetworkId = 0x283c5bc4bcc3c8a8n as NetworkId;

function idOf(digits: string): NetworkId {
  const id = BigInt(`0x${digits}`) as NetworkId;
  if (!formatU64(id).endsWith(digits)) throw new Error(`no number: ${digits}`);
  return id;
}
