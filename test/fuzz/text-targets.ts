/** Targets that read text, and those that only say what is in bytes. */
import { equalBytes, latin1Text, toHex } from '../../src/base/bytes.ts';
import {
  formatAddress,
  formatMac,
  formatU64,
  parseAddress,
  parseMac,
  parseNetworkId,
} from '../../src/base/ids.ts';
import {
  describeDictionary,
  dictionaryBytesMax,
  dictionaryToJson,
  parseDictionary,
  writeDictionary,
} from '../../src/wire/dictionary.ts';
import { describeFrame } from '../../src/wire/ethernet/describe-frame.ts';
import {
  destinationPortAt,
  icmpTypeAt,
  ipProtocolAt,
  sourcePortAt,
  tcpFlagsAt,
  trafficClassAt,
} from '../../src/wire/ethernet/ip.ts';
import { formatIdentity, parseIdentity, parseSecretIdentity } from '../../src/wire/identity.ts';
import { formatInetAddress, parseInetAddress } from '../../src/wire/inet-address.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from '../../src/wire/ip-address.ts';
import { verbSeeds, dictionarySeeds, identityTexts } from './corpus.ts';
import { LawBroken, type FuzzTarget } from './target.ts';

/** A parser of text: what it reads and writes is read the same again. */
function textTarget(
  name: string,
  samples: () => readonly string[],
  normalise: (text: string) => string | null,
): FuzzTarget {
  return {
    name: `text-${name}`,
    seeds: () => samples().map((text) => Uint8Array.from(text, (c) => c.charCodeAt(0))),
    run(bytes) {
      const normal = normalise(latin1Text(bytes));
      if (normal === null) return 'refused';
      if (normalise(normal) !== normal) throw new LawBroken(`reads ${normal} otherwise`);
      return `read ${normal.replace(/[0-9a-f]+/g, 'x')}`;
    },
  };
}

/** A text's value, written; null where it is refused. */
function normaliser<T>(
  parse: (text: string) => T | null,
  format: (value: T) => string,
): (text: string) => string | null {
  return (text) => {
    const value = parse(text);
    return value === null ? null : format(value);
  };
}

const dictionary: FuzzTarget = {
  name: 'dictionary',
  seeds: dictionarySeeds,
  run(bytes) {
    const parsed = parseDictionary(bytes, dictionaryBytesMax.config);
    if (typeof parsed === 'string') throw new LawBroken('refuses a short dictionary');
    const text = writeDictionary(parsed);
    const again = parseDictionary(text, dictionaryBytesMax.config);
    if (typeof again === 'string' || !equalBytes(writeDictionary(again), text))
      throw new LawBroken(`writes ${toHex(text)} and reads it otherwise`);
    if (again.entries.length !== parsed.entries.length) throw new LawBroken('loses an entry');
    expectLine(describeDictionary(parsed));
    JSON.stringify(dictionaryToJson(parsed));
    for (const { key } of parsed.entries) {
      parsed.u64(key);
      parsed.boolean(key);
      parsed.address(key);
    }
    return parsed.entries.map(({ key }) => key.slice(0, 4)).join();
  },
};

/** The first two bytes are the EtherType. */
const frames: FuzzTarget = {
  name: 'describe-frame',
  seeds: () => verbSeeds('FRAME').map((payload) => payload.subarray(8)),
  run(bytes) {
    const etherType = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
    const start = Math.min(2, bytes.length);
    const line = describeFrame(etherType, bytes, start, bytes.length);
    expectLine(line);
    const numbers = [
      ipProtocolAt,
      trafficClassAt,
      icmpTypeAt,
      sourcePortAt,
      destinationPortAt,
      tcpFlagsAt,
    ].map((at) => at(etherType, bytes, start, bytes.length));
    if (numbers.some((number) => !Number.isInteger(number) || number < -2 || number > 0xffff))
      throw new LawBroken(`finds ${numbers.join()}`);
    return line.replace(/[0-9a-f]+/g, 'x');
  },
};

/** All of them. */
export const textTargets: readonly FuzzTarget[] = [
  dictionary,
  frames,
  textTarget('identity', identityTexts, normaliser(parseIdentity, formatIdentity)),
  textTarget('secret-identity', identityTexts, (text) => {
    const parsed = parseSecretIdentity(text);
    if (parsed === null) return null;
    if (String(parsed.secretKey).includes(toHex(parsed.secretKey.reveal())))
      throw new LawBroken('shows a secret');
    return `${formatIdentity(parsed.identity)}:${toHex(parsed.secretKey.reveal())}`;
  }),
  textTarget(
    'inet-address',
    () => ['10.1.2.3/9993', '2001:db8::1/443', '::ffff:1.2.3.4/0', ''],
    normaliser(parseInetAddress, formatInetAddress),
  ),
  textTarget('ipv4', () => ['10.1.2.3', '255.255.255.255'], normaliser(parseIpv4, formatIpv4)),
  textTarget(
    'ipv6',
    () => ['2001:db8::1', '::', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'],
    normaliser(parseIpv6, (bytes) => formatIpv6(bytes)),
  ),
  textTarget('address', () => ['45ad10e047'], normaliser(parseAddress, formatAddress)),
  textTarget(
    'mac',
    () => ['aa:8d:6e:ac:24:1c', 'aa-8d-6e-ac-24-1c', 'aa8d6eac241c'],
    normaliser(parseMac, formatMac),
  ),
  textTarget('network-id', () => ['283c5bc4bcc3c8a8'], normaliser(parseNetworkId, formatU64)),
];

function expectLine(line: string): void {
  if (/[^\x20-\x7e\u00a0-\uffff]/.test(line)) throw new LawBroken(`prints ${JSON.stringify(line)}`);
  if (line.length > 2000) throw new LawBroken('prints a line that is too long');
}
