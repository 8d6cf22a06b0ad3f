/**
 * NETWORK_CONFIG_REQUEST: what a node says of itself when it asks a controller for its configuration.
 *
 *     network (8)
 *     metadata length (2)  at most 1,023
 *     metadata             dictionary, see `RequestMetadata`
 *     have revision (8)    of the configuration that the node holds; both 0 without one, ignored by 1.14.1
 *     have timestamp (8)
 *
 * Source: vl2 6.2; `captures` frame 26.
 */
import { toHex } from '../../base/bytes.ts';
import { escapeText } from '../../base/escape.ts';
import { formatU64, type NetworkId } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';
import { dictionaryBytesMax } from '../dictionary.ts';
import {
  fieldsToJson,
  number,
  optionalText,
  readFields,
  u64,
  writeFields,
  type DictionaryFields,
  type DictionaryRest,
} from './dictionary-fields.ts';

interface MetadataValues {
  /** `v`: version of the configuration's format that is understood, 7. */
  readonly formatVersion: number;
  /** `vend`: 1. */
  readonly vendor: number;
  /** `pv` */
  readonly protocolVersion: number;
  /** `majv` */
  readonly majorVersion: number;
  /** `minv` */
  readonly minorVersion: number;
  /** `revv` */
  readonly revision: number;
  /** `mr`: the most rules of a network. */
  readonly rulesMax: number;
  /** `mc` */
  readonly capabilitiesMax: number;
  /** `mcr`: the most rules of a capability. */
  readonly capabilityRulesMax: number;
  /** `mt` */
  readonly tagsMax: number;
  /** `f`: 0. */
  readonly flags: bigint;
  /** `revr`: revision of the rules engine; 0: no rules are understood. */
  readonly rulesEngineRevision: number;
  /** `o`: `linux/x86_64`. */
  readonly platform: string | null;
  /** `a`: `token:` and a token that lets the node join. */
  readonly authentication: string | null;
  /** `ovs`: Overspan's own, revision 1: it confirms revocations. Null: of another make. */
  readonly overspan: string | null;
}

/** What a node says of itself; the names are those of the dictionary's keys in words. */
export type RequestMetadata = MetadataValues & DictionaryRest;

/** A request. */
export interface ConfigRequest {
  readonly networkId: NetworkId;
  readonly metadata: RequestMetadata;
  /** Of the configuration that is held; null where the request ends early. */
  readonly have: { readonly revision: bigint; readonly timestamp: bigint } | null;
  /** What a newer peer put at the end; of a member of ours its report (`member-report.ts`). */
  readonly future: Uint8Array;
}

const metadataFields: DictionaryFields<MetadataValues> = {
  formatVersion: number('v'),
  vendor: number('vend'),
  protocolVersion: number('pv'),
  majorVersion: number('majv'),
  minorVersion: number('minv'),
  revision: number('revv'),
  rulesMax: number('mr'),
  capabilitiesMax: number('mc'),
  capabilityRulesMax: number('mcr'),
  tagsMax: number('mt'),
  flags: u64('f'),
  rulesEngineRevision: number('revr'),
  platform: optionalText('o'),
  // The token lets anybody in: it is on the wire, but not for a log.
  authentication: { ...optionalText('a'), toJson: (value) => (value === null ? null : 'redacted') },
  overspan: optionalText('ovs'),
};

const noMetadata: RequestMetadata = {
  formatVersion: 0,
  vendor: 0,
  protocolVersion: 0,
  majorVersion: 0,
  minorVersion: 0,
  revision: 0,
  rulesMax: 0,
  capabilitiesMax: 0,
  capabilityRulesMax: 0,
  tagsMax: 0,
  flags: 0n,
  rulesEngineRevision: 0,
  platform: null,
  authentication: null,
  overspan: null,
  others: [],
};

/** The codec. */
export const configRequest: Codec<ConfigRequest> = {
  name: 'NETWORK_CONFIG_REQUEST',
  layout: [
    { name: 'network', size: 8 },
    { name: 'metadata length', size: 2, note: 'at most 1,023' },
    { name: 'metadata', size: 'metadata length', note: 'dictionary: versions, limits, token' },
    { name: 'have revision', size: '8 or 0', note: 'of the configuration held, 0 without one' },
    { name: 'have timestamp', size: '8 or 0' },
    { name: 'future fields', size: 'to the end' },
  ],
  read: (reader) => {
    const networkId = reader.u64() as NetworkId;
    const text = reader.take(reader.u16());
    const metadata = readFields(metadataFields, text, dictionaryBytesMax.request);
    if (typeof metadata === 'string') reader.fail(metadata);
    const have = reader.remaining < 16 ? null : { revision: reader.u64(), timestamp: reader.u64() };
    return {
      networkId,
      metadata: typeof metadata === 'string' ? noMetadata : metadata,
      have,
      future: reader.rest(),
    };
  },
  write: (writer, value) => {
    const text = writeFields(metadataFields, value.metadata);
    writer.u64(value.networkId);
    writer.u16(text.length);
    writer.put(text);
    if (value.have !== null) {
      writer.u64(value.have.revision);
      writer.u64(value.have.timestamp);
    }
    writer.put(value.future);
  },
  describe: ({ networkId, metadata, have }) => {
    const version = `${metadata.majorVersion}.${metadata.minorVersion}.${metadata.revision}`;
    const platform = metadata.platform === null ? '' : ` ${escapeText(metadata.platform, 40)}`;
    const held =
      have === null || have.timestamp === 0n
        ? 'no configuration'
        : `revision ${have.revision} of ${have.timestamp}`;
    return `of ${formatU64(networkId)} by version ${version}${platform}, holding ${held}`;
  },
  toJson: ({ networkId, metadata, have, future }) => ({
    networkId: formatU64(networkId),
    metadata: fieldsToJson(metadataFields, metadata),
    ...(have === null
      ? {}
      : { haveRevision: formatU64(have.revision), haveTimestamp: formatU64(have.timestamp) }),
    ...(future.length > 0 ? { future: toHex(future) } : {}),
  }),
};

/** What 1.14.1 says of itself, to be changed where a node differs. */
export const usualMetadata: RequestMetadata = {
  ...noMetadata,
  formatVersion: 7,
  vendor: 1,
  protocolVersion: 12,
  majorVersion: 1,
  minorVersion: 14,
  revision: 1,
  rulesMax: 1024,
  capabilitiesMax: 128,
  capabilityRulesMax: 64,
  tagsMax: 128,
  rulesEngineRevision: 1,
};

/** The token that a request brings; null where it brings none. */
export function joinToken(metadata: RequestMetadata): string | null {
  const { authentication } = metadata;
  return authentication?.startsWith(tokenPrefix) === true
    ? authentication.slice(tokenPrefix.length)
    : null;
}

/** The value of {@link RequestMetadata.authentication} for a token. */
export function tokenAuthentication(token: string): string {
  return tokenPrefix + token;
}

const tokenPrefix = 'token:';
