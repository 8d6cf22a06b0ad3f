import { describe, expect, it } from 'vitest';

import { hex, loadVectors } from '../../../../test/vectors/load.ts';
import { ByteWriter, toHex } from '../../../base/bytes.ts';
import {
  formatAddress,
  parseAddress,
  type Address,
  type Mac,
  type NetworkId,
} from '../../../base/ids.ts';
import { decode, isDrop } from '../../../wire/codec.ts';
import type { Capability } from '../../../wire/credentials/capability.ts';
import {
  ipv4Thing,
  ipv6Thing,
  macThing,
  type CertificateOfOwnership,
  type OwnedThing,
} from '../../../wire/credentials/certificate-of-ownership.ts';
import type { Tag } from '../../../wire/credentials/tag.ts';
import { parseInetAddress } from '../../../wire/inet-address.ts';
import { rules as rulesCodec, type Rules } from '../../../wire/rules/rules.ts';
import { compileRules } from './compiled-rules.ts';
import { evaluate, Evaluation } from './evaluate.ts';
import { FilterOutcome, filterInbound, filterOutbound } from './filter.ts';
import { NetworkRules, unknownMatchResult, type RuleConfig } from './network-rules.ts';
import { OwnedThings } from './owned-things.ts';
import { noTag, type RemoteSide, type RuleFrame } from './rule-frame.ts';

interface Credential {
  readonly id: string;
  readonly ts?: number;
}
interface Case {
  readonly name: string;
  readonly direction: 'inbound' | 'outbound';
  readonly rules_wire: string;
  readonly rules_parse?: 'malformed';
  readonly config_flags?: string;
  readonly static_ips?: readonly string[];
  readonly my_tags?: readonly (Credential & { readonly value: string })[];
  readonly peer_tags?: readonly (Credential & { readonly value: string })[];
  readonly my_capabilities?: readonly (Credential & { readonly rules: string })[];
  readonly peer_capabilities?: readonly (Credential & { readonly rules: string })[];
  readonly my_coos?: readonly (Credential & { readonly things: readonly string[] })[];
  readonly peer_coos?: readonly (Credential & { readonly things: readonly string[] })[];
  readonly source_zt: string;
  readonly dest_zt: string | null;
  readonly source_mac: string;
  readonly dest_mac: string;
  readonly vlan: number;
  readonly ethertype: string;
  readonly frame: string;
  readonly no_tee?: boolean;
  readonly base_rules: {
    readonly result: string;
    readonly deciding_rule: number | null;
    readonly redirect_to?: string;
    readonly copy?: { readonly to: string; readonly length: number; readonly watch: boolean };
  } | null;
  readonly final: string | null;
  readonly sent: readonly {
    readonly to: string;
    readonly ext_frame_flags: string;
    readonly ext_frame_payload: string;
  }[];
}
interface Vectors {
  readonly network_id: string;
  readonly me: { readonly address: string };
  readonly credential_time_max_delta: number;
  readonly cases: readonly Case[];
}

const vectors = loadVectors<Vectors>('rules.json');
const networkId = BigInt(`0x${vectors.network_id}`) as NetworkId;
const me = parseAddress(vectors.me.address)!;
/** In front of and behind the frame in its buffer, and never to be looked at. */
const margin = new Uint8Array(40).fill(0xff);

function readRules(wire: string): Rules {
  const list = decode(rulesCodec, hex(wire));
  if (isDrop(list)) throw new Error(list);
  return list;
}

function thing(text: string): OwnedThing {
  if (/^[0-9a-f]{12}$/.test(text)) return macThing(Number.parseInt(text, 16) as Mac);
  const ip = parseInetAddress(text);
  if (ip?.kind === 'ipv4') return ipv4Thing(ip.address);
  if (ip?.kind === 'ipv6') return ipv6Thing(ip.address);
  throw new Error(text);
}

function configOf(each: Case): RuleConfig {
  return {
    networkId,
    issuedTo: me,
    flags: BigInt(`0x${each.config_flags ?? '0'}`),
    rules: readRules(each.rules_wire),
    capabilities: (each.my_capabilities ?? []).map(
      ({ id, rules }) => ({ id: Number.parseInt(id, 16), rules: readRules(rules) }) as Capability,
    ),
    tags: (each.my_tags ?? []).map(
      ({ id, value }) =>
        ({ id: Number.parseInt(id, 16), value: Number.parseInt(value, 16) }) as Tag,
    ),
    ownerships: (each.my_coos ?? []).map(
      ({ things }) => ({ things: things.map(thing) }) as unknown as CertificateOfOwnership,
    ),
    staticIps: (each.static_ips ?? []).map((ip) => parseInetAddress(ip)!),
  };
}

/** The peer with what counts of its credentials: the staleness itself is the credential store's affair. */
function peerOf(each: Case, unknown: boolean): RemoteSide {
  const counts = ({ ts = 0 }: Credential): boolean =>
    Math.abs(ts) <= vectors.credential_time_max_delta;
  const tags = (each.peer_tags ?? []).filter(counts);
  const things = new OwnedThings(
    (each.peer_coos ?? []).filter(counts).flatMap((coo) => coo.things.map(thing)),
  );
  return {
    tag: (id) => {
      const found = tags.find((tag) => Number.parseInt(tag.id, 16) === id);
      return found === undefined ? noTag : Number.parseInt(found.value, 16);
    },
    ownsIp: (type, bytes, start) => things.hasIp(type, bytes, start),
    ownsMac: (mac) => things.hasMac(mac),
    capabilities: (each.peer_capabilities ?? [])
      .filter(counts)
      .map(({ rules }) => compileRules(readRules(rules), unknown)),
  };
}

function frameOf(each: Case, remote: RemoteSide | null): RuleFrame {
  const payload = hex(each.frame);
  const bytes = new Uint8Array(2 * margin.length + payload.length);
  bytes.fill(0xff);
  bytes.set(payload, margin.length);
  return {
    isInbound: each.direction === 'inbound',
    source: parseAddress(each.source_zt)!,
    destination: each.dest_zt === null ? (0 as Address) : parseAddress(each.dest_zt)!,
    sourceMac: Number.parseInt(each.source_mac, 16) as Mac,
    destinationMac: Number.parseInt(each.dest_mac, 16) as Mac,
    vlanId: each.vlan,
    etherType: Number.parseInt(each.ethertype, 16),
    bytes,
    start: margin.length,
    end: margin.length + payload.length,
    remote,
  };
}

/** As the reference sends it: network, flags, destination, source, etherType, data. */
function extFrame(frame: RuleFrame, flags: number, length: number): string {
  const writer = new ByteWriter(new Uint8Array(23 + length));
  writer.u64(networkId);
  writer.u8(flags);
  writer.u48(frame.destinationMac);
  writer.u48(frame.sourceMac);
  writer.u16(frame.etherType);
  writer.put(frame.bytes.subarray(frame.start, frame.start + length));
  return toHex(writer.bytes);
}

const random = (): number => 0x1234_5678;
const outcome = new FilterOutcome();

describe('rules of the reference', () => {
  for (const [i, each] of vectors.cases.entries()) {
    it(`${i} ${each.name}, ${each.direction}`, () => {
      if (each.rules_parse === 'malformed') {
        expect(decode(rulesCodec, hex(each.rules_wire))).toBe('bad-rule');
        return;
      }
      const config = configOf(each);
      const rules = new NetworkRules(config, random);
      const remote = each.dest_zt === null ? null : peerOf(each, unknownMatchResult(config));
      const frame = frameOf(each, remote);
      const before = frame.bytes.slice();

      const expected = each.base_rules!;
      const evaluation = new Evaluation();
      const result = evaluate(rules.base, frame, rules, evaluation);
      expect({
        result: result.replace('-', '_'),
        deciding_rule: evaluation.decidingRule === -1 ? null : evaluation.decidingRule,
        ...(evaluation.redirectTo === 0
          ? {}
          : { redirect_to: formatAddress(evaluation.redirectTo) }),
        ...(evaluation.copyTo === 0
          ? {}
          : {
              copy: {
                to: formatAddress(evaluation.copyTo),
                length: evaluation.copyLength,
                watch: evaluation.isWatch,
              },
            }),
      }).toEqual(expected);

      const verdict =
        each.direction === 'inbound'
          ? filterInbound(rules, frame, outcome)
          : filterOutbound(rules, frame, outcome, { noTee: each.no_tee === true });
      expect(verdict.replace('-', '_')).toBe(each.final);
      expect(
        outcome.forwards.slice(0, outcome.forwardCount).map(({ to, flags, length }) => ({
          to: formatAddress(to),
          ext_frame_flags: flags.toString(16).padStart(2, '0'),
          ext_frame_payload: extFrame(frame, flags, length),
        })),
      ).toEqual(each.sent);
      expect(frame.bytes).toEqual(before);
    });
  }
});
