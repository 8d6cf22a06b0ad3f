/**
 * What packets say, in words that are equal where two packets mean the same: without times, identifiers drawn at random,
 * signatures, and the order and grouping of what has none.
 */
import { createHash } from 'node:crypto';

import { formatAddress, formatU64 } from '../../../src/base/ids.ts';
import { decode, isDrop, type Json } from '../../../src/wire/codec.ts';
import { inetAddress } from '../../../src/wire/inet-address.ts';
import { multicastGroup } from '../../../src/wire/multicast-group.ts';
import type { ConfigChunk } from '../../../src/wire/network-config/config-chunk.ts';
import { networkConfig } from '../../../src/wire/network-config/network-config.ts';
import { describeMessage, messageToJson, type Message } from '../../../src/wire/verbs/index.ts';

/** One statement; a packet that tells of several groups makes several. */
export function statementsOf(message: Message): readonly string[] {
  switch (message.name) {
    case 'HELLO': {
      const { sentTo, planet, moons } = message.value;
      const worlds = [planet, ...(moons ?? [])].map((each) => `${each?.id}@${each?.timestamp}`);
      const to = sentTo === null ? '' : inetAddress.describe(sentTo);
      return [`HELLO to ${to} worlds ${worlds.join(' ')}`];
    }
    case 'MULTICAST_LIKE':
      return message.value.likes.map(
        ({ networkId, group }) =>
          `MULTICAST_LIKE ${formatU64(networkId)} ${multicastGroup.describe(group)}`,
      );
    case 'PUSH_DIRECT_PATHS': {
      const { paths } = messageToJson(message)['value'] as { paths: { address: string }[] };
      const addresses = new Set(paths.map(({ address }) => address));
      return [`PUSH_DIRECT_PATHS ${[...addresses].sort().join(' ')}`];
    }
    case 'NETWORK_CONFIG_REQUEST':
      return [describeMessage(message).replace(/ of \d{13}$/, '')];
    case 'NETWORK_CONFIG':
      return [`NETWORK_CONFIG ${configurationWords(message.value)}`];
    case 'NETWORK_CREDENTIALS':
      return [`NETWORK_CREDENTIALS ${words(messageToJson(message)['value']!)}`];
    case 'FRAME':
    case 'EXT_FRAME':
    case 'MULTICAST_FRAME':
      return [`${describeMessage(message)} ${fingerprint(message.value.data)}`];
    case 'OK': {
      const { body } = message.value;
      if (body.kind === 'network-config-request')
        return [`OK re NETWORK_CONFIG_REQUEST ${configurationWords(body.value)}`];
      return [withoutPacketIds(message)];
    }
    default:
      return [withoutPacketIds(message)];
  }
}

/** @returns whether a packet answers one that it names by its ID */
export function isAnswer(message: Message): message is Extract<Message, { name: 'OK' | 'ERROR' }> {
  return message.name === 'OK' || message.name === 'ERROR';
}

function withoutPacketIds(message: Message): string {
  return describeMessage(message).replaceAll(/ re (\w+) [0-9a-f]{16}/g, ' re $1');
}

/** Stands for bytes that are too many to be printed. */
function fingerprint(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

/** The whole configuration; every one of the recordings is in one piece. */
function configurationWords({ chunk, networkId }: ConfigChunk): string {
  const config = decode(networkConfig, chunk);
  if (isDrop(config)) throw new Error(`a configuration in pieces, or none: ${config}`);
  return `${formatU64(networkId)} for ${formatAddress(config.issuedTo)} ${words(networkConfig.toJson(config))}`;
}

/** What is another in each run: when, by which drawing of lots, and what follows from both. */
const runDependent = new Set(['timestamp', 'signature', 'threshold']);

function words(json: Json): string {
  return JSON.stringify(json, (key, value: unknown) => {
    if (runDependent.has(key)) return undefined;
    // The time of issue in a certificate of membership; the number of a revocation.
    if (isObject(value) && value['id'] === '0000000000000000') return { ...value, value: '' };
    if (isObject(value) && 'threshold' in value) return { ...value, id: '' };
    return value;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
