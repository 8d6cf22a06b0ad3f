/** `session.json` and `session-ratelimited.json`: three nodes on a simulated network, user messages, no virtual networks. */
import { decode, isDrop } from '../../../src/wire/codec.ts';
import { parseSecretIdentity } from '../../../src/wire/identity.ts';
import { world, type World } from '../../../src/wire/world.ts';
import { hex, loadVectors } from '../../vectors/load.ts';
import { names, type Command, type Name, type RecordedNode, type Recording } from './recording.ts';

interface Session {
  readonly start_ms: number;
  readonly nodes: Record<
    Name,
    { readonly identity_secret: string; readonly addr: string; readonly initial_planet: string }
  >;
  readonly events: readonly {
    readonly t: number;
    readonly node?: Name;
    readonly event?: string;
    readonly data?: string;
    readonly origin?: number;
    readonly type_id?: number;
  }[];
  readonly packets: readonly {
    readonly t: number;
    readonly from: Name;
    readonly from_addr: string;
    readonly to_addr: string;
    readonly datagram: string;
  }[];
}

/** When messages were sent; `events` says when they were delivered. */
const messageStarts = [700, 1_400, 2_100, 2_401];

/** @param file - in `test/vectors` */
export function sessionRecording(file: string): Recording {
  const session = loadVectors<Session>(file);
  const moonOf = (name: Name): World[] => {
    const event = session.events.find(
      (each) => each.node === name && each.event === 'state_put_moon',
    );
    return event?.data === undefined ? [] : [worldOf(event.data)];
  };
  const nodes = Object.fromEntries(
    names.map((name): [Name, RecordedNode] => {
      const { identity_secret: secret, addr, initial_planet: planet } = session.nodes[name];
      const identity = parseSecretIdentity(secret)!;
      // B has to find the moon; R made it.
      const moons = name === 'R' ? moonOf('R') : [];
      return [
        name,
        { identity, endpoint: addr, planet: worldOf(planet), moons, startMs: 0 },
      ] as const;
    }),
  ) as Record<Name, RecordedNode>;
  return {
    startMs: session.start_ms,
    endMs: session.packets.at(-1)?.t ?? 0,
    nodes,
    datagrams: session.packets.map(({ t, from, from_addr, to_addr, datagram }) => ({
      t,
      from,
      fromEndpoint: from_addr,
      toEndpoint: to_addr,
      bytes: hex(datagram),
    })),
    commands: [
      ...moonOf('B').map(({ id }): Command => ({
        t: 0,
        node: 'B',
        run: ({ node }, now) => {
          node.orbit(now, id, nodes.R.identity.identity.address);
        },
      })),
      ...messages(session, nodes),
    ],
    controllers: [],
  };
}

/** The messages that a person had a node send: each was delivered to another. */
function messages(session: Session, nodes: Recording['nodes']): Command[] {
  return session.events.flatMap(({ t, node, event, data, origin, type_id: typeId }) => {
    const from = names.find((name) => nodes[name].identity.identity.address === origin);
    if (event !== 'user_message' || node === undefined || from === undefined) return [];
    const to = nodes[node].identity.identity.address;
    return {
      t: messageStarts.findLast((start) => start <= t) ?? t,
      node: from,
      run: (stand, now): void => {
        stand.node.sendUserMessage(now, to, BigInt(typeId ?? 0), hex(data ?? ''));
      },
    };
  });
}

function worldOf(text: string): World {
  const value = decode(world, hex(text));
  if (isDrop(value)) throw new Error(value);
  return value;
}
