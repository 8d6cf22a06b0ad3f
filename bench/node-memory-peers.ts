/**
 * A root that knows so many nodes, each with a path, in a process that holds nothing else: started by `node-memory.ts`.
 *
 * Making the nodes that say HELLO takes more memory than knowing them. So it is done twice, each in a process of its own: once
 * with them, writing down what they said and when; and once, with the same randomness and at the same times, without them.
 *
 * `make COUNT FILE`, or with `--expose-gc` `hold COUNT FILE`, which prints what the process holds as JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { latin1Text, toHex } from '../src/base/bytes.ts';
import type { Node } from '../src/core/node.ts';
import { chooseProvider } from '../src/io/crypto/index.ts';
import { parseSecretIdentity } from '../src/wire/identity.ts';
import { Correspondent } from '../test/core/correspondent.ts';
import { planetOf, SmallWorld, type Host } from '../test/core/small-world.ts';
import { testIdentity } from '../test/vectors/identities.ts';
import { hex, loadBytes } from '../test/vectors/load.ts';

/** Bytes. */
export interface Held {
  readonly heap: number;
  /** Of buffers and other native objects that the engine knows of. */
  readonly external: number;
  readonly resident: number;
}

const at = '10.255.0.1/9993';
/** Until what is known of them has been written down, too. */
const settleMs = 60_000;

const [mode, countText, file = ''] = process.argv.slice(2);
const count = Number(countText);
if (mode === 'make') make();
else await hold();

function rootIn(world: SmallWorld): Host {
  const text = latin1Text(loadBytes('captures/identities/R.identity.secret'));
  const own = parseSecretIdentity(text);
  if (own === null) throw new Error('the identity of R is gone');
  const planet = planetOf([{ identity: own, endpoints: [at] }]);
  const provider = chooseProvider({ log: console.error });
  const host = world.add('R', own, planet, { provider });
  world.bind(host, at);
  return host;
}

/** Lets them meet, and writes down what they said: `ms from bytes` a line. */
function make(): void {
  const lines: string[] = [];
  const world = new (class extends SmallWorld {
    override inject(host: Host, from: string, ...packets: readonly Uint8Array[]): void {
      for (const packet of packets) lines.push(`${this.now.monoMs} ${from} ${toHex(packet)}`);
      super.inject(host, from, ...packets);
    }
  })();
  const host = rootIn(world);
  for (let i = 0; i < count; i++)
    // Each in a network of its own, as those of one wait for each other.
    new Correspondent(world, host, testIdentity(i), `10.${i >> 8}.${i & 255}.2/9993`).meet();
  writeFileSync(file, lines.join('\n'));
}

/** A root that has heard the same; nothing else of its world is kept. */
function heard(): Node {
  const world = new SmallWorld();
  const host = rootIn(world);
  for (const line of readFileSync(file, 'latin1').split('\n').filter(Boolean)) {
    const [ms, from, bytes] = line.split(' ') as [string, string, string];
    world.run(Number(ms) - world.now.monoMs);
    world.inject(host, from, hex(bytes));
  }
  world.run(settleMs);
  const peers = host.node.peers(world.now);
  if (peers.length !== count || !peers.every(({ isDirect }) => isDirect))
    throw new Error(`${peers.filter(({ isDirect }) => isDirect).length} of ${count} peers`);
  return host.node;
}

async function hold(): Promise<void> {
  const node = heard();
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('start it with --expose-gc');
  // What native objects hold goes only in the collection after theirs.
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const held: Held = { heap: heapUsed, external, resident: rss };
  console.log(JSON.stringify(held));
  // It is there until now.
  if (node.nextTimeoutMs() < 0) throw new Error('a node that is due before its time');
}
