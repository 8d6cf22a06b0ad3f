/**
 * Makes the configuration of one member, with everything in it signed.
 *
 * Source: vl2 5.2, 5.3, 6.6, management 2.4; appendix A and every other configuration in the capture come out byte for
 * byte (`controller-capture.test.ts`).
 */
import type { Address, NetworkId } from '../base/ids.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { signCapability } from '../wire/credentials/capability.ts';
import { issueCertificateOfMembership } from '../wire/credentials/certificate-of-membership.ts';
import {
  ipv4Thing,
  ipv6Thing,
  ownedThingsMax,
  signCertificateOfOwnership,
  type CertificateOfOwnership,
} from '../wire/credentials/certificate-of-ownership.ts';
import { signTag } from '../wire/credentials/tag.ts';
import { identityFingerprint, type Identity, type SecretIdentity } from '../wire/identity.ts';
import type { IpEndpoint } from '../wire/inet-address.ts';
import { specialistRoles } from '../wire/network-config/config-parts.ts';
import {
  emptyNetworkConfig,
  networkFlags,
  networkTypes,
  type NetworkConfig,
} from '../wire/network-config/network-config.ts';
import { memberIpModes, staticIps } from './ip-assignment.ts';
import type { MemberRecord } from './member-record.ts';
import type { NetworkPlan } from './network-plan.ts';
import { defaultSettings } from './network-record.ts';

/** What a configuration is made of. */
export interface MemberConfigInput {
  readonly provider: CryptoProvider;
  /** Of this controller. */
  readonly self: SecretIdentity;
  readonly networkId: NetworkId;
  readonly revision: number;
  readonly plan: NetworkPlan;
  readonly member: MemberRecord;
  readonly identity: Identity;
  /** Active bridges of the network, ascending. */
  readonly bridges: readonly Address[];
  /** ms, of everything that is issued. */
  readonly timestamp: bigint;
  /** Whether the member has a rules engine (vl2 6.2, `revr`). */
  readonly understandsRules: boolean;
  /** Whether it is told that its reports of other members are welcome; official members must not see the key. */
  readonly isOverspan: boolean;
}

/** The configuration. */
export function memberConfig(input: MemberConfigInput): NetworkConfig {
  const { provider, self, networkId, plan, member, identity, timestamp, understandsRules } = input;
  const { settings } = plan;
  const window = BigInt(settings.membershipWindowMs);
  const ips = staticIps(plan, networkId, member);
  const emulatesNdp = !member.noAutoAssignIps && memberIpModes(plan).length > 0;
  return {
    ...emptyNetworkConfig,
    networkId,
    timestamp,
    credentialTimeMaxDelta: window,
    revision: BigInt(input.revision),
    issuedTo: member.address,
    ...trace(member, settings),
    flags:
      (settings.hasBroadcast ? networkFlags.broadcast : 0n) |
      (emulatesNdp ? networkFlags.ndpEmulation : 0n),
    multicastLimit: settings.multicastLimit,
    type: settings.isPrivate ? networkTypes.private : networkTypes.public,
    name: settings.name,
    mtu: settings.mtu,
    membership: issueCertificateOfMembership(provider, self.secretKey, {
      networkId,
      issuedTo: member.address,
      fingerprint: identityFingerprint(provider, identity),
      timestamp,
      window,
    }),
    capabilities: understandsRules ? capabilities(input) : [],
    tags: understandsRules ? tags(input) : [],
    ownerships: ownerships(input, ips),
    specialists: input.bridges
      .slice(0, specialistsMax)
      .map((address) => ({ address, roles: specialistRoles.activeBridge })),
    routes: plan.routes,
    staticIps: ips,
    rules: understandsRules ? settings.rules : defaultSettings.rules,
    dns: plan.dns,
    overspan: input.isOverspan ? '1' : null,
  };
}

/** What is said of one member goes before what is said of all. */
function trace(
  member: MemberRecord,
  network: NetworkPlan['settings'],
): Pick<NetworkConfig, 'traceTarget' | 'traceLevel'> {
  const { traceTarget, traceLevel } = member.traceTarget === null ? network : member;
  return { traceTarget: traceTarget ?? emptyNetworkConfig.traceTarget, traceLevel };
}

const specialistsMax = 256;

function capabilities(input: MemberConfigInput): NetworkConfig['capabilities'] {
  const { provider, self, networkId, timestamp, plan, member } = input;
  return plan.settings.capabilities
    .filter(({ id }) => member.capabilities.includes(id))
    .map(({ id, rules }) =>
      signCapability(
        provider,
        self.secretKey,
        { networkId, timestamp, id, rules, maxCustody: 1 },
        member.address,
      ),
    );
}

function tags({ provider, self, networkId, timestamp, member }: MemberConfigInput) {
  const signedBy = self.identity.address;
  return [...member.tags]
    .sort((a, b) => a.id - b.id)
    .slice(0, tagsMax)
    .map(({ id, value }) =>
      signTag(provider, self.secretKey, {
        networkId,
        timestamp,
        id,
        value,
        issuedTo: member.address,
        signedBy,
      }),
    );
}

const tagsMax = 128;

/** One certificate names 16 addresses; a second holds what is left. */
function ownerships(
  { provider, self, networkId, timestamp, member }: MemberConfigInput,
  ips: readonly IpEndpoint[],
): readonly CertificateOfOwnership[] {
  const count = Math.ceil(ips.length / ownedThingsMax);
  return Array.from({ length: count }, (_, i) =>
    signCertificateOfOwnership(provider, self.secretKey, {
      networkId,
      timestamp,
      flags: 0n,
      id: i + 1,
      things: ips
        .slice(i * ownedThingsMax, (i + 1) * ownedThingsMax)
        .map((ip) => (ip.kind === 'ipv4' ? ipv4Thing(ip.address) : ipv6Thing(ip.address))),
      issuedTo: member.address,
      signedBy: self.identity.address,
    }),
  );
}
