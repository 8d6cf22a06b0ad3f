/**
 * Why bytes from the network were not used. A reason is a value, counted and shown; nothing is thrown. The table is the
 * one list of names: a decoder can give no other.
 */
export const dropReasons = {
  truncated: 'ends inside a field, or before one that must be there',
  'trailing-bytes': 'goes on after its end, where nothing may follow',
  'not-a-packet': 'is too short or too long for a packet or fragment',
  'mac-mismatch': 'its authentication code is wrong for the key',
  'unknown-cipher-suite': 'uses cipher suite 2 (trusted path) or one that is not defined',
  'unknown-verb': 'has a verb that is not assigned',
  'bad-compression': 'its LZ4 block is damaged, empty, or larger than a packet may be',
  'bad-fragment': 'has a fragment number or count outside 2 to 7 pieces',
  'duplicate-fragment': 'repeats a piece that is already there',
  'reassembly-too-large': 'its pieces are larger together than a packet may be',
  'unknown-identity-type': 'holds an identity of a type other than 0',
  'bad-identity':
    'holds an identity with a reserved address, or with a secret key where none belongs',
  'bad-address-family': 'holds a network address of an unknown family',
  'bad-dictionary': 'holds a dictionary that is too long or lacks a required key',
  'bad-world': 'holds a world with more roots or endpoints than allowed, or of an unknown type',
  'bad-credential': 'holds a credential of an unknown version or with impossible counts',
  'bad-rule': 'holds a rule that is cut, or more rules than allowed',
  'bad-config': 'holds a network configuration that contradicts itself',
  'bad-chunk': 'holds a piece of a configuration outside the bounds it names',
  'bad-signature': 'its signature is missing, of an unknown type, or wrong',
  'too-many': 'names more items than allowed',
  'bad-value': 'a field has a value that is not allowed',
  'bad-frame': 'an Ethernet, ARP or IP header in it contradicts itself',
} as const;

/** One of the names in {@link dropReasons}. */
export type DropReason = keyof typeof dropReasons;
