/** What a HELLO or its answer changes about a peer. */
import type { PeerVersion } from '../../../wire/verbs/peer-version.ts';
import type { Context } from '../context.ts';
import type { Peer } from '../peer.ts';

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
