/**
 * NETWORK_CREDENTIALS (0x0a): what proves that its holder may send into a network (vl2 3.6).
 *
 *     certificates of membership, each beginning with 01   then 00
 *     count 2   capabilities   count 2   tags   count 2   revocations   count 2   certificates of ownership
 *
 * Missing trailing sections are allowed: they are null, from the first missing one on. Each credential names its own
 * network.
 */
import type { ByteWriter } from '../../base/bytes.ts';
import { assert } from '../../base/errors.ts';
import type { Codec, WireReader } from '../codec.ts';
import { capability, type Capability } from '../credentials/capability.ts';
import {
  certificateOfMembership,
  type CertificateOfMembership,
} from '../credentials/certificate-of-membership.ts';
import {
  certificateOfOwnership,
  type CertificateOfOwnership,
} from '../credentials/certificate-of-ownership.ts';
import { revocation, type Revocation } from '../credentials/revocation.ts';
import { tag, type Tag } from '../credentials/tag.ts';
import { itemsMax, type VerbCodec } from './verb.ts';

/** The shortest credential, a certificate without qualifiers or signature, is eight bytes long. */
const sectionMax = itemsMax(8);

/** Credentials, of one network or several; none is checked yet. */
export interface NetworkCredentials {
  readonly certificatesOfMembership: readonly CertificateOfMembership[];
  readonly capabilities: readonly Capability[] | null;
  readonly tags: readonly Tag[] | null;
  readonly revocations: readonly Revocation[] | null;
  readonly certificatesOfOwnership: readonly CertificateOfOwnership[] | null;
}

/** NETWORK_CREDENTIALS's codec. */
export const networkCredentials: VerbCodec<NetworkCredentials> = {
  name: 'NETWORK_CREDENTIALS',
  verb: 0x0a,
  dropReasons: ['truncated', 'too-many', 'bad-credential', 'bad-rule'],
  layout: [
    { name: 'certificatesOfMembership', size: 'until a byte 00', note: 'each begins with 01' },
    { name: 'end', size: 1, note: '00' },
    { name: 'capabilityCount', size: 2, note: 'may end before it' },
    { name: 'capabilities', size: 'by their own lengths' },
    { name: 'tagCount', size: 2, note: 'may end before it' },
    { name: 'tags', size: 'by their own lengths' },
    { name: 'revocationCount', size: 2, note: 'may end before it' },
    { name: 'revocations', size: 'by their own lengths' },
    { name: 'certificateOfOwnershipCount', size: 2, note: 'may end before it' },
    { name: 'certificatesOfOwnership', size: 'by their own lengths' },
  ],
  read(reader) {
    return {
      certificatesOfMembership: readCertificates(reader),
      capabilities: readSection(reader, capability),
      tags: readSection(reader, tag),
      revocations: readSection(reader, revocation),
      certificatesOfOwnership: readSection(reader, certificateOfOwnership),
    };
  },
  write(writer, value) {
    for (const each of value.certificatesOfMembership) certificateOfMembership.write(writer, each);
    writer.u8(0);
    const there = sectionsOf(value).map((section) => section !== null);
    assert(there.lastIndexOf(true) === there.filter(Boolean).length - 1, 'sections have no gap');
    writeSection(writer, capability, value.capabilities);
    writeSection(writer, tag, value.tags);
    writeSection(writer, revocation, value.revocations);
    writeSection(writer, certificateOfOwnership, value.certificatesOfOwnership);
  },
  describe: (value) =>
    [
      ...value.certificatesOfMembership.map((each) => certificateOfMembership.describe(each)),
      ...(value.capabilities ?? []).map((each) => capability.describe(each)),
      ...(value.tags ?? []).map((each) => tag.describe(each)),
      ...(value.revocations ?? []).map((each) => revocation.describe(each)),
      ...(value.certificatesOfOwnership ?? []).map((each) => certificateOfOwnership.describe(each)),
    ].join('; ') || 'none',
  toJson: (value) => ({
    certificatesOfMembership: value.certificatesOfMembership.map((each) =>
      certificateOfMembership.toJson(each),
    ),
    capabilities: value.capabilities?.map((each) => capability.toJson(each)) ?? null,
    tags: value.tags?.map((each) => tag.toJson(each)) ?? null,
    revocations: value.revocations?.map((each) => revocation.toJson(each)) ?? null,
    certificatesOfOwnership:
      value.certificatesOfOwnership?.map((each) => certificateOfOwnership.toJson(each)) ?? null,
  }),
};

function sectionsOf(value: NetworkCredentials): readonly (readonly unknown[] | null)[] {
  return [value.capabilities, value.tags, value.revocations, value.certificatesOfOwnership];
}

/** Certificates up to the byte 00, and that byte. A first byte that is neither 00 nor 01 is a bad certificate. */
function readCertificates(reader: WireReader): CertificateOfMembership[] {
  const certificates: CertificateOfMembership[] = [];
  while (reader.remaining > 0 && reader.bytes[reader.offset] !== 0) {
    if (certificates.length === sectionMax) reader.fail('too-many');
    certificates.push(certificateOfMembership.read(reader));
  }
  reader.skip(1);
  return certificates;
}

function readSection<T>(reader: WireReader, codec: Codec<T>): T[] | null {
  if (reader.remaining === 0) return null;
  const count = reader.u16();
  if (count > sectionMax) reader.fail('too-many');
  const items: T[] = [];
  while (items.length < count && reader.failure === null) items.push(codec.read(reader));
  return items;
}

function writeSection<T>(writer: ByteWriter, codec: Codec<T>, items: readonly T[] | null): void {
  if (items === null) return;
  writer.u16(items.length);
  for (const item of items) codec.write(writer, item);
}
