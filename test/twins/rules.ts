/**
 * The rules engine as the description reads (vl2 7.2), rule by rule on decoded values: the slow twin of
 * `src/core/rules/evaluate.ts`. It cuts frames with `slice`, counts with big integers and shares no header reader with it.
 */
import type { RuleResult } from '../../src/core/vl2/rules/evaluate.ts';
import type { OwnSide, RuleFrame } from '../../src/core/vl2/rules/rule-frame.ts';
import type { Rule } from '../../src/wire/rules/rule.ts';

/** What it says. */
export interface TwinVerdict {
  readonly result: RuleResult;
  readonly decidingRule: number;
  readonly redirectTo: number;
  readonly copyTo: number;
  readonly copyLength: number;
  readonly isWatch: boolean;
}

/** `N`: not applicable; `Y`: yes, whatever NOT says. */
type Answer = boolean | 'N' | 'Y';

/** Evaluates rules on a frame. */
export function evaluateSlowly(
  rules: readonly Rule[],
  frame: RuleFrame,
  own: OwnSide,
  unknownMatchResult: boolean,
): TwinVerdict {
  const data = frame.bytes.slice(frame.start, frame.end);
  const state = { skipDrop: false, isSuper: false };
  let set = true;
  let copy = { copyTo: 0, copyLength: 0, isWatch: false };
  const end = (result: RuleResult, decidingRule: number, redirectTo = 0): TwinVerdict => ({
    result,
    decidingRule,
    redirectTo,
    ...copy,
  });
  for (const [i, rule] of rules.entries()) {
    const isForward =
      rule.kind === 'ACTION_TEE' || rule.kind === 'ACTION_WATCH' || rule.kind === 'ACTION_REDIRECT';
    const isAction = rule.kind === 'UNKNOWN' ? rule.id < 16 : rule.kind.startsWith('ACTION');
    if (isAction) {
      if (!set) {
        if (frame.isInbound && isForward && rule.address === own.self) state.isSuper = true;
        set = true;
        continue;
      }
      if (rule.kind === 'ACTION_PRIORITY') return end('accept', i);
      if (rule.kind === 'ACTION_ACCEPT') return end(state.isSuper ? 'super-accept' : 'accept', i);
      if (rule.kind === 'ACTION_BREAK') return end('no-match', i);
      if (rule.kind === 'ACTION_DROP') {
        if (!state.skipDrop) return end('drop', i);
        state.skipDrop = false;
      }
      if (!isForward || rule.address === frame.source) continue;
      if (rule.address === own.self) {
        if (frame.isInbound) return end('super-accept', i);
        continue;
      }
      if (rule.address === frame.destination) continue;
      if (rule.kind === 'ACTION_REDIRECT') return end('redirect', i, rule.address);
      copy = {
        copyTo: rule.address,
        copyLength: rule.length > 0 ? Math.min(rule.length, data.length) : data.length,
        isWatch: rule.kind === 'ACTION_WATCH',
      };
      continue;
    }
    if (!set && !rule.or) continue;
    const answer = ask(rule, frame, data, own, state, unknownMatchResult);
    const m = typeof answer === 'boolean' ? answer !== rule.not : answer === 'Y';
    set = rule.or ? set || m : set && m;
  }
  return end('no-match', -1);
}

function ask(
  rule: Rule,
  frame: RuleFrame,
  data: Uint8Array,
  own: OwnSide,
  state: { skipDrop: boolean; readonly isSuper: boolean },
  unknownMatchResult: boolean,
): Answer {
  const is4 = frame.etherType === 0x0800 && data.length >= 20;
  const is6 = frame.etherType === 0x86dd && data.length >= 40;
  const leave = (): Answer => {
    state.skipDrop = true;
    return 'Y';
  };
  const theirTag = (id: number): number => frame.remote?.tag(id) ?? -1;
  switch (rule.kind) {
    case 'MATCH_SOURCE_ZEROTIER_ADDRESS':
      return frame.source === rule.zt;
    case 'MATCH_DEST_ZEROTIER_ADDRESS':
      return frame.destination === rule.zt;
    case 'MATCH_VLAN_ID':
      return frame.vlanId === rule.vlanId;
    case 'MATCH_VLAN_PCP':
      return rule.vlanPcp === 0;
    case 'MATCH_VLAN_DEI':
      return rule.vlanDei === 0;
    case 'MATCH_MAC_SOURCE':
      return frame.sourceMac === rule.mac;
    case 'MATCH_MAC_DEST':
      return frame.destinationMac === rule.mac;
    case 'MATCH_IPV4_SOURCE':
    case 'MATCH_IPV4_DEST': {
      if (!is4) return 'N';
      const at = rule.kind === 'MATCH_IPV4_SOURCE' ? 12 : 16;
      const shift = BigInt(32 - rule.bits);
      return number(data, at, 4) >> shift === BigInt(rule.ip) >> shift;
    }
    case 'MATCH_IPV6_SOURCE':
    case 'MATCH_IPV6_DEST': {
      if (!is6) return 'N';
      const at = rule.kind === 'MATCH_IPV6_SOURCE' ? 8 : 24;
      const shift = BigInt(128 - rule.bits);
      return (number(data, at, 16) >> shift) << shift === number(rule.ip, 0, 16);
    }
    case 'MATCH_IP_TOS': {
      if (!is4 && !is6) return 'N';
      const tos = is4 ? data[1]! : Number((number(data, 0, 4) >> 20n) & 0xffn);
      return (tos & rule.mask) >= rule.start && (tos & rule.mask) <= rule.end;
    }
    case 'MATCH_IP_PROTOCOL': {
      const content = contentOf(frame.etherType, data);
      return content === null ? 'N' : content.protocol === rule.ipProtocol;
    }
    case 'MATCH_ETHERTYPE':
      return frame.etherType === rule.etherType;
    case 'MATCH_ICMP': {
      const content = contentOf(frame.etherType, data);
      if (content?.protocol !== (is4 ? 1 : 58) || content.bytes.length < 2) return 'N';
      if (content.bytes[0] !== rule.icmpType) return 'N';
      return (rule.flags & 1) === 0 ? 'Y' : content.bytes[1] === rule.icmpCode;
    }
    case 'MATCH_IP_SOURCE_PORT_RANGE':
    case 'MATCH_IP_DEST_PORT_RANGE': {
      const content = contentOf(frame.etherType, data);
      if (content === null) return 'N';
      if (![6, 17, 132, 136].includes(content.protocol) || content.bytes.length < 5) return false;
      const at = rule.kind === 'MATCH_IP_SOURCE_PORT_RANGE' ? 0 : 2;
      const port = Number(number(content.bytes, at, 2));
      if (is6 && port === 0) return false;
      return port >= rule.start && port <= rule.end;
    }
    case 'MATCH_CHARACTERISTICS':
      return (rule.mask & characteristics(frame, data, own)) !== 0n;
    case 'MATCH_FRAME_SIZE_RANGE':
      return data.length >= rule.start && data.length <= rule.end;
    case 'MATCH_RANDOM':
      return own.randomU32() <= rule.probability;
    case 'MATCH_TAGS_DIFFERENCE':
    case 'MATCH_TAGS_BITWISE_AND':
    case 'MATCH_TAGS_BITWISE_OR':
    case 'MATCH_TAGS_BITWISE_XOR':
    case 'MATCH_TAGS_EQUAL': {
      if (own.tag(rule.tag) === -1) return 'N';
      if (theirTag(rule.tag) === -1) return frame.isInbound && !state.isSuper ? 'N' : leave();
      const a = BigInt(own.tag(rule.tag));
      const b = BigInt(theirTag(rule.tag));
      const v = BigInt(rule.value);
      if (rule.kind === 'MATCH_TAGS_BITWISE_AND') return (a & b) === v;
      if (rule.kind === 'MATCH_TAGS_BITWISE_OR') return (a | b) === v;
      if (rule.kind === 'MATCH_TAGS_BITWISE_XOR') return (a ^ b) === v;
      if (rule.kind === 'MATCH_TAGS_EQUAL') return a === v && b === v;
      return (a > b ? a - b : b - a) <= v;
    }
    case 'MATCH_TAG_SENDER':
    case 'MATCH_TAG_RECEIVER': {
      if (state.isSuper) return leave();
      const isSender = rule.kind === 'MATCH_TAG_SENDER';
      const isTheirs = isSender === frame.isInbound;
      const value = isTheirs ? theirTag(rule.tag) : own.tag(rule.tag);
      if (value === -1) return isTheirs && !isSender ? leave() : 'N';
      return value === rule.value;
    }
    case 'MATCH_INTEGER_RANGE': {
      const value = integer(data, rule.index, rule.format);
      return value >= rule.start && value <= rule.start + ((rule.end - rule.start) & 0xffff_ffffn);
    }
    default:
      return unknownMatchResult;
  }
}

function integer(data: Uint8Array, index: number, format: number): bigint {
  const bits = (format & 63) + 1;
  const length = Math.ceil(bits / 8);
  const isLittle = format >= 0x80;
  const at = isLittle ? index : index + 8 - length;
  const bytes = data.slice(at, at + length);
  if (bytes.length < length) return 0n;
  if (isLittle) return number(bytes.reverse(), 0, length) >> BigInt(8 * length - bits);
  return BigInt.asUintN(bits, number(bytes, 0, length));
}

function characteristics(frame: RuleFrame, data: Uint8Array, own: OwnSide): bigint {
  const content = contentOf(frame.etherType, data);
  const sender = frame.isInbound ? frame.remote : own;
  const multicast = Math.floor(frame.destinationMac / 2 ** 40) % 2 === 1;
  let bits = 0n;
  if (frame.isInbound) bits |= 1n << 63n;
  if (multicast) bits |= 1n << 62n;
  if (frame.destinationMac === 0xffff_ffff_ffff) bits |= 1n << 61n;
  if (isAuthenticated(frame, data, own)) bits |= 1n << 60n;
  if (sender?.ownsMac(frame.sourceMac) === true) bits |= 1n << 59n;
  const least = frame.etherType === 0x86dd ? 15 : 14;
  if (content?.protocol === 6 && content.bytes.length >= least)
    bits |= number(content.bytes, 12, 2) & 0xfffn;
  return bits;
}

function isAuthenticated(frame: RuleFrame, data: Uint8Array, own: OwnSide): boolean {
  const sender = frame.isInbound ? frame.remote : own;
  if (frame.etherType === 0x0800) return data.length >= 20 && sender?.ownsIp(2, data, 12) === true;
  if (frame.etherType === 0x0806) return data.length >= 28 && sender?.ownsIp(2, data, 14) === true;
  if (frame.etherType !== 0x86dd || data.length < 40) return false;
  const neighbour = data[6] === 58 && data.length >= 64 ? data[40] : 0;
  if (neighbour === 135) return true;
  const at = neighbour === 136 ? 48 : 8;
  if (sender?.ownsIp(3, data, at) === true) return true;
  const isEmulated = own.emulatedPrefixes.some(({ bytes, bits }) => {
    const shift = BigInt(128 - bits);
    return number(data, at, 16) >> shift === number(bytes, 0, 16) >> shift;
  });
  return frame.isInbound && isEmulated;
}

/** What the IP packet holds behind its headers. */
function contentOf(
  etherType: number,
  data: Uint8Array,
): { protocol: number; bytes: Uint8Array } | null {
  if (etherType === 0x0800 && data.length >= 20)
    return { protocol: data[9]!, bytes: data.slice((data[0]! & 15) * 4) };
  if (etherType !== 0x86dd || data.length < 40) return null;
  let protocol = data[6]!;
  let bytes = data.slice(40);
  while ([0, 43, 60, 135].includes(protocol)) {
    const length = ((bytes[1] ?? 0) + 1) * 8;
    if (bytes.length < 8 || bytes.length < length) return null;
    protocol = bytes[0]!;
    bytes = bytes.slice(length);
  }
  return { protocol, bytes };
}

function number(bytes: Uint8Array, at: number, length: number): bigint {
  return bytes.slice(at, at + length).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
