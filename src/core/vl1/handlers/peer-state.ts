/** What a HELLO or its answer changes about a peer. */
import type { Hello } from '../../../wire/verbs/hello.ts';
import type { PeerVersion } from '../../../wire/verbs/peer-version.ts';
import type { Now } from '../../ports.ts';
import type { Context } from '../context.ts';
import type { Peer } from '../peer.ts';

/** A clock that is further off than this is shown as this far off, ms: a hundred years. */
const clockSkewMsMax = 100 * 365 * 86_400_000;

/** Stores what a HELLO says of the clock and the planet of a peer. */
export function noteHello(now: Now, peer: Peer, { timestamp, planet }: Hello): void {
  const skewMs = Number(timestamp) - now.wallMs;
  const clockSkewMs = Math.max(-clockSkewMsMax, Math.min(clockSkewMsMax, Math.round(skewMs)));
  peer.helloNews = { clockSkewMs, planet };
}

/** Stores what a peer says of itself; from now on it is sent what it understands. */
export function setVersion(context: Context, peer: Peer, version: PeerVersion): void {
  const { version: before } = peer;
  peer.version = version;
  const isSame =
    before?.protocol === version.protocol &&
    before.major === version.major &&
    before.minor === version.minor &&
    before.revision === version.revision;
  if (!isSame) context.events.push({ kind: 'peer', identity: peer.identity, version });
}
