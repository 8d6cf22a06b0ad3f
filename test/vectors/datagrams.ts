/** The datagrams of the capture and of the recorded sessions, and the keys that open them. */
import { readFileSync } from 'node:fs';

import { formatAddress, parseAddress, type Address } from '../../src/base/ids.ts';
import { Secret } from '../../src/base/secret.ts';
import { PeerKeys } from '../../src/crypto/peer-keys.ts';
import type { CryptoProvider } from '../../src/crypto/provider.ts';
import { hex, loadBytes, loadVectors } from './load.ts';

/** One UDP payload. */
export interface Datagram {
  /** The frame's number in `flow.pcap`, or `seq` of a session. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Datagrams with the secret identities, as text, of all who sent them. */
export interface Recording {
  readonly datagrams: readonly Datagram[];
  readonly secrets: readonly string[];
}

/** `captures/flow.pcap`. */
export function capturedRecording(): Recording {
  const secrets = ['A', 'B', 'R'].map((name) =>
    readFileSync(new URL(`captures/identities/${name}.identity.secret`, import.meta.url), 'utf8'),
  );
  return { datagrams: [...udpPayloads(loadBytes('captures/flow.pcap'))], secrets };
}

/** `session.json` or `session-ratelimited.json`. */
export function sessionRecording(file: string): Recording {
  const session = loadVectors<{
    nodes: Record<string, { identity_secret: string }>;
    packets: { seq: number; datagram: string }[];
  }>(file);
  return {
    datagrams: session.packets.map(({ seq, datagram }) => ({ number: seq, bytes: hex(datagram) })),
    secrets: Object.values(session.nodes).map((node) => node.identity_secret),
  };
}

/** The keys of every pair of nodes whose secrets are known. */
export class Keyring {
  readonly #provider: CryptoProvider;
  readonly #identities = new Map<Address, { publicKey: Uint8Array; secret: Secret<Uint8Array> }>();
  readonly #pairs = new Map<string, PeerKeys>();

  /** @param secrets - secret identities as text (vl1 1.3) */
  constructor(provider: CryptoProvider, secrets: readonly string[]) {
    this.#provider = provider;
    for (const text of secrets) {
      const [address, , publicKey, secretKey] = text.trim().split(':') as [
        string,
        string,
        string,
        string,
      ];
      const identity = { publicKey: hex(publicKey), secret: new Secret(hex(secretKey)) };
      this.#identities.set(parseAddress(address)!, identity);
    }
  }

  /** What two nodes share; an unknown address is an error of the test. */
  between(one: Address, other: Address): PeerKeys {
    const name = `${formatAddress(one)} ${formatAddress(other)}`;
    const made = this.#pairs.get(name);
    if (made !== undefined) return made;
    const { secret } = this.#identities.get(one)!;
    const keys = PeerKeys.agree(this.#provider, secret, this.#identities.get(other)!.publicKey)!;
    this.#pairs.set(name, keys);
    return keys;
  }
}

/** Of a little-endian pcap file of Ethernet frames: what IPv4 UDP carries. */
function* udpPayloads(file: Uint8Array): Generator<Datagram> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (view.getUint32(0, true) !== 0xa1b2c3d4 || view.getUint32(20, true) !== 1)
    throw new Error('not a pcap file of Ethernet frames');
  let number = 1;
  for (let at = 24; at < file.length; number++) {
    const frame = at + 16;
    at = frame + view.getUint32(at + 8, true);
    const ip = frame + 14;
    if (view.getUint16(frame + 12) !== 0x0800 || view.getUint8(ip + 9) !== 17) continue;
    const udp = ip + (view.getUint8(ip) & 0x0f) * 4;
    yield { number, bytes: file.slice(udp + 8, udp + view.getUint16(udp + 4)) };
  }
}
