/**
 * A network's configuration for one member: the dictionary that a controller sends.
 *
 * Source: vl2 6.6, appendix A; `captures/network-config-B.dict`. The table below has the keys in the order of 1.14.1;
 * legacy keys (format below 6) are kept among `others` and not read. A configuration that breaks a limit is refused whole.
 */
import { escapeText } from '../../base/escape.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import type { Codec, JsonObject } from '../codec.ts';
import { capability, type Capability } from '../credentials/capability.ts';
import {
  certificateOfMembership,
  type CertificateOfMembership,
} from '../credentials/certificate-of-membership.ts';
import {
  certificateOfOwnership,
  type CertificateOfOwnership,
} from '../credentials/certificate-of-ownership.ts';
import { tag, type Tag } from '../credentials/tag.ts';
import { dictionaryBytesMax } from '../dictionary.ts';
import { inetAddress, nilInetAddress, type InetAddress } from '../inet-address.ts';
import type { Rule } from '../rules/rule.ts';
import { rules, type Rules } from '../rules/rules.ts';
import {
  dns,
  dnsServersCount,
  route,
  specialist,
  type Dns,
  type Route,
  type Specialist,
} from './config-parts.ts';
import {
  address,
  blob,
  blobList,
  boolean,
  checked,
  fieldsToJson,
  number,
  optionalText,
  optionalU64,
  readFields,
  text,
  u64,
  writeFields,
  type DictionaryField,
  type DictionaryFields,
  type DictionaryRest,
} from './dictionary-fields.ts';

interface NetworkConfigValues {
  /** `v`: 7; below 6 it is refused. */
  readonly version: number;
  /** `nwid`, not 0. */
  readonly networkId: NetworkId;
  /** `ts`: when it was made, by the controller's clock, ms. */
  readonly timestamp: bigint;
  /** `ctmd`: how far the timestamp of a credential may be from this one's, ms. */
  readonly credentialTimeMaxDelta: bigint;
  /** `r`: of the network. */
  readonly revision: bigint;
  /** `id`: the member. */
  readonly issuedTo: Address;
  /** `tt`: where to report to, 0: nowhere. */
  readonly traceTarget: Address;
  /** `tl`: 0 normal, 10 verbose, 15 rules, 20 debug, 30 insane. */
  readonly traceLevel: number;
  /** `f`: of {@link networkFlags}. */
  readonly flags: bigint;
  /** `ml`: to how many members a multicast goes. */
  readonly multicastLimit: number;
  /** `t`: of {@link networkTypes}. */
  readonly type: number;
  /** `n`: at most 127 bytes of Latin-1. */
  readonly name: string;
  /** `mtu`; not yet brought within bounds. */
  readonly mtu: number;
  /** `C` */
  readonly membership: CertificateOfMembership | null;
  /** `CAP`: at most 128. */
  readonly capabilities: readonly Capability[];
  /** `TAG`: at most 128. */
  readonly tags: readonly Tag[];
  /** `COO`: at most 4. */
  readonly ownerships: readonly CertificateOfOwnership[];
  /** `S`: at most 256. */
  readonly specialists: readonly Specialist[];
  /** `RT`: at most 128. */
  readonly routes: readonly Route[];
  /** `I`: at most 32; the port is the length of the prefix. */
  readonly staticIps: readonly InetAddress[];
  /** `R`: at most 1,024. */
  readonly rules: Rules;
  /** `DNS`; 1.14.1 always sends it. */
  readonly dns: Dns | null;
  /** `ssov`: version of signing on. */
  readonly ssoVersion: number;
  /** `ssoe`: whether members have to sign on. */
  readonly ssoEnabled: boolean;
  /** `aurl`, version 0: where. */
  readonly ssoUrl: string | null;
  /** `aexpt`, version 0: until when the member has signed on, ms. */
  readonly ssoExpiry: bigint | null;
  /** `iurl`, and all that follow: version 1. */
  readonly ssoIssuerUrl: string | null;
  /** `ssoce` */
  readonly ssoCentralUrl: string | null;
  /** `sson` */
  readonly ssoNonce: string | null;
  /** `ssos` */
  readonly ssoState: string | null;
  /** `ssocid` */
  readonly ssoClientId: string | null;
  /** `ssop` */
  readonly ssoProvider: string | null;
  /** `ovs`: Overspan's own, revision 1: the controller takes reports of members. Null: of another make, or to another make. */
  readonly overspan: string | null;
}

/** A configuration. */
export type NetworkConfig = NetworkConfigValues & DictionaryRest;

/** Bits of {@link NetworkConfig.flags}. */
export const networkFlags = {
  broadcast: 0x2n,
  ndpEmulation: 0x4n,
  /** What an unknown match in a rule counts as. */
  unknownMatchResult: 0x8n,
  noCompression: 0x10n,
} as const;
/** Values of {@link NetworkConfig.type}. */
export const networkTypes = { private: 0, public: 1 } as const;
const nameBytesMax = 127;
const ruleBlob = blob('R', rules);
const ruleList: DictionaryField<readonly Rule[]> = {
  ...ruleBlob,
  read: (dictionary, fail) => ruleBlob.read(dictionary, fail) ?? [],
  write: (writer, list) => {
    ruleBlob.write(writer, list.length === 0 ? null : list);
  },
};

const fields: DictionaryFields<NetworkConfigValues> = {
  version: checked(number('v'), (version) => version >= 6, 'bad-config'),
  networkId: checked(u64('nwid'), (id) => id !== 0n, 'bad-config') as DictionaryField<NetworkId>,
  timestamp: u64('ts'),
  credentialTimeMaxDelta: u64('ctmd'),
  revision: u64('r'),
  issuedTo: checked(address('id'), (issuedTo) => issuedTo !== 0, 'bad-config'),
  traceTarget: address('tt'),
  traceLevel: number('tl'),
  flags: u64('f'),
  multicastLimit: number('ml'),
  type: number('t'),
  name: checked(text('n'), (name) => name.length <= nameBytesMax, 'bad-config'),
  mtu: number('mtu'),
  membership: blob('C', certificateOfMembership),
  capabilities: blobList('CAP', capability, 128),
  tags: blobList('TAG', tag, 128),
  ownerships: blobList('COO', certificateOfOwnership, 4),
  specialists: blobList('S', specialist, 256),
  routes: blobList('RT', route, 128),
  staticIps: blobList('I', inetAddress, 32),
  rules: ruleList,
  dns: blob('DNS', dns),
  ssoVersion: number('ssov'),
  ssoEnabled: boolean('ssoe'),
  ssoUrl: optionalText('aurl'),
  ssoExpiry: optionalU64('aexpt'),
  ssoIssuerUrl: optionalText('iurl'),
  ssoCentralUrl: optionalText('ssoce'),
  ssoNonce: optionalText('sson'),
  ssoState: optionalText('ssos'),
  ssoClientId: optionalText('ssocid'),
  ssoProvider: optionalText('ssop'),
  overspan: optionalText('ovs'),
};

/** A configuration to start from, which is not valid yet: of no network, for nobody. */
export const emptyNetworkConfig: NetworkConfig = {
  version: 7,
  networkId: 0n as NetworkId,
  timestamp: 0n,
  credentialTimeMaxDelta: 0n,
  revision: 0n,
  issuedTo: 0 as Address,
  traceTarget: 0 as Address,
  traceLevel: 0,
  flags: 0n,
  multicastLimit: 0,
  type: networkTypes.private,
  name: '',
  mtu: 0,
  membership: null,
  capabilities: [],
  tags: [],
  ownerships: [],
  specialists: [],
  routes: [],
  staticIps: [],
  rules: [],
  dns: { domain: '', servers: Array<InetAddress>(dnsServersCount).fill(nilInetAddress) },
  ssoVersion: 0,
  ssoEnabled: false,
  ssoUrl: null,
  ssoExpiry: null,
  ssoIssuerUrl: null,
  ssoCentralUrl: null,
  ssoNonce: null,
  ssoState: null,
  ssoClientId: null,
  ssoProvider: null,
  overspan: null,
  others: [],
};

/** The codec; the dictionary goes to the end of the reader. Values are not views of it. */
export const networkConfig: Codec<NetworkConfig> = {
  name: 'network configuration',
  layout: [{ name: 'dictionary', size: 'to the end', note: 'less than 484,520 bytes' }],
  read: (reader) => {
    const values = readFields(fields, reader.rest(), dictionaryBytesMax.config);
    if (typeof values !== 'string') return values;
    reader.fail(values);
    return emptyNetworkConfig;
  },
  write: (writer, value) => {
    writer.put(writeFields(fields, value));
  },
  describe: (value) =>
    `revision ${value.revision} of ${escapeText(value.name, 40)} (${formatU64(value.networkId)}) ` +
    `for ${formatAddress(value.issuedTo)} at ${value.timestamp}: ` +
    `${value.staticIps.length} addresses, ${value.routes.length} routes, ${value.rules.length} rules`,
  toJson: (value): JsonObject => fieldsToJson(fields, value),
};

/** The text of a configuration, without the room for the longest one that `encode` would have to make. */
export function networkConfigText(value: NetworkConfig): Uint8Array {
  return writeFields(fields, value);
}
