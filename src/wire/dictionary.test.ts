import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { capturedPayloads, hex, loadBytes, loadVectors } from '../../test/vectors/load.ts';
import { ByteReader, latin1Bytes, latin1Text, toHex } from '../base/bytes.ts';
import { formatU64, parseAddress, type Address } from '../base/ids.ts';
import { certificateOfMembership } from './credentials/certificate-of-membership.ts';
import { decode, isDrop } from './codec.ts';
import {
  describeDictionary,
  Dictionary,
  DictionaryWriter,
  dictionaryBytesMax,
  dictionaryToJson,
  parseDictionary,
  writeDictionary,
} from './dictionary.ts';

const configB = loadBytes('captures/network-config-B.dict');

/** Dictionaries that real nodes wrote. */
const real: readonly { name: string; bytes: Uint8Array }[] = [
  { name: 'network-config-B.dict', bytes: configB },
  ...[
    'A.networks.d.283c5bc4bcc3c8a8.conf',
    'B.networks.d.283c5bc4bcc3c8a8.conf',
    'B.networks.d.283c5bc4bcc3c8a8.after-deauth.conf',
  ].map((name) => ({ name, bytes: loadBytes(`captures/home/${name}`) })),
  ...Object.entries(
    loadVectors<{ dictionaries: Record<string, string> }>('config-chunks.json').dictionaries,
  ).map(([name, text]) => ({ name, bytes: hex(text) })),
  // Network, length, dictionary (vl2.md 6.2).
  ...capturedPayloads('NETWORK_CONFIG_REQUEST').map(({ name, bytes }) => {
    const reader = new ByteReader(bytes, 8);
    return { name, bytes: reader.take(reader.u16()) };
  }),
];

const parse = (bytes: Uint8Array): Dictionary => {
  const parsed = parseDictionary(bytes, dictionaryBytesMax.config);
  if (isDrop(parsed)) throw new Error(parsed);
  return parsed;
};
const parseText = (text: string): [key: string, value: string][] =>
  parse(latin1Bytes(text)).entries.map(({ key, value }) => [key, latin1Text(value)]);

/** Bytes that have a meaning come up often. */
const byte = fc.oneof(
  fc.constantFrom(...[0x00, 0x0a, 0x0d, 0x3d, 0x5c, 0x30, 0x6e, 0x72, 0x65]),
  fc.nat({ max: 255 }),
);
const bytes = (lengthMax: number): fc.Arbitrary<Uint8Array> =>
  fc.array(byte, { maxLength: lengthMax }).map((list) => Uint8Array.from(list));
const key = bytes(8).map((k) => latin1Text(k.filter((b) => ![0x00, 0x0a, 0x0d, 0x3d].includes(b))));
const entries = fc.array(fc.record({ key, value: bytes(40) }), { maxLength: 12 });

describe('a dictionary', () => {
  it('of a real node is written back byte for byte', () => {
    expect(real.length).toBeGreaterThan(10);
    for (const { name, bytes: text } of real) {
      const dictionary = parse(text);
      expect(dictionary.entries.length, name).toBeGreaterThan(5);
      expect(toHex(writeDictionary(dictionary)), name).toBe(toHex(text));
    }
  });

  it('of a real node has the values of vl2.md appendix A', () => {
    const dictionary = parse(configB);
    expect(dictionary.entries.map((entry) => entry.key).join(' ')).toBe(
      'v nwid ts ctmd r id tt tl f ml t n mtu C CAP TAG COO RT I R DNS ssov ssoe',
    );
    expect(dictionary.u64('v')).toBe(7n);
    expect(dictionary.u64('nwid')).toBe(0x283c5bc4bcc3c8a8n);
    expect(dictionary.u64('mtu')).toBe(2800n);
    expect(dictionary.address('id')).toBe(parseAddress('bfb8eb1884'));
    expect(dictionary.text('n')).toBe('lab');
    expect(dictionary.boolean('ssoe')).toBe(false);
    expect(dictionary.bytes('I')).toHaveLength(19 + 19 + 7);
    expect(dictionary.bytes('DNS')?.length).toBe(128 + 7 + 3);
    expect(isDrop(decode(certificateOfMembership, dictionary.bytes('C')!))).toBe(false);
    expect(dictionary.has('R')).toBe(true);
    expect(dictionary.has('aurl')).toBe(false);
  });

  it('reads what it wrote, for any values', () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(parse(writeDictionary(new Dictionary(list))).entries).toEqual(list);
      }),
    );
  });

  it('escapes the five bytes of vl2.md 2 and no others', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const text = new DictionaryWriter().bytes('k', all).written;
    expect(text).toHaveLength(2 + 256 + 5);
    const specials = new DictionaryWriter().text('k', '\0\r\n\\=').written;
    expect(latin1Text(specials)).toBe('k=\\0\\r\\n\\\\\\e');
  });

  it('is read from any bytes, and what was read is read again from its canonical text', () => {
    fc.assert(
      fc.property(bytes(120), (text) => {
        const dictionary = parse(text);
        expect(parse(writeDictionary(dictionary)).entries).toEqual(dictionary.entries);
        expect(describeDictionary(dictionary)).toMatch(/^[\x20-\x7e…]*$/);
        expect(() => JSON.stringify(dictionaryToJson(dictionary))).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });

  it('is read as a reader byte by byte reads it', () => {
    fc.assert(
      fc.property(bytes(60), (text) => {
        expect(parseText(latin1Text(text))).toEqual(slowParse(latin1Text(text)));
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ['', []],
    ['a=1', [['a', '1']]],
    ['a=1\n', [['a', '1']]],
    ['a=', [['a', '']]],
    ['a', []],
    ['=1', [['', '1']]],
    ['a=b=c', [['a', 'b=c']]],
    [
      'junk\na=1\n\n\nb=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a=1\r\nb=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['a=1\0b=2', [['a', '1']]],
    ['\0a=1', []],
    ['a=\\x\\', [['a', 'x']]],
    ['a=\\\n1', [['a', '\n1']]],
    ['a=\\N\\E\\1', [['a', 'NE1']]],
  ])('reads %j as %j', (text, expected) => {
    expect(parseText(text)).toEqual(expected);
  });

  it('gives the first of two values', () => {
    const dictionary = parse(latin1Bytes('a=1\na=2\nb=3'));
    expect(dictionary.text('a')).toBe('1');
    expect(latin1Text(writeDictionary(dictionary))).toBe('a=1\na=2\nb=3');
  });

  it('holds no view of what it was read from', () => {
    const text = latin1Bytes('a=123');
    const dictionary = parse(text);
    text.fill(0);
    expect(dictionary.text('a')).toBe('123');
  });
});

describe('values of a dictionary', () => {
  it('are read back as they were put', () => {
    const writer = new DictionaryWriter()
      .u64('number', 2800)
      .u64('most', 2n ** 64n - 1n)
      .boolean('yes', true)
      .boolean('no', false)
      .address('id', 0x1 as Address)
      .text('name', 'a=b\n\xff')
      .bytes('blob', hex('00ff'));
    const text = latin1Text(writer.written);
    expect(text).toContain(
      'number=0000000000000af0\nmost=ffffffffffffffff\nyes=1\nno=0\nid=0000000001',
    );
    const again = parse(latin1Bytes(text));
    expect(again.u64('number')).toBe(2800n);
    expect(again.u64('most')).toBe(2n ** 64n - 1n);
    expect(again.boolean('yes')).toBe(true);
    expect(again.boolean('no')).toBe(false);
    expect(again.address('id')).toBe(1);
    expect(again.text('name')).toBe('a=b\n\xff');
    expect(again.bytes('blob')).toEqual(hex('00ff'));
  });

  it('are numbers of any size, in 16 digits', () => {
    const numbers = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.bigInt({ min: 0n, max: 2n ** 53n }),
      fc.constantFrom(0n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n),
    );
    fc.assert(
      fc.property(numbers, (value) => {
        const { written } = new DictionaryWriter().u64('n', value);
        expect(latin1Text(written)).toBe(`n=${formatU64(value)}`);
        expect(parse(written).u64('n')).toBe(value);
        expect(parse(written).number('n')).toBe(Number(value));
        if (value < 2n ** 53n)
          expect(new DictionaryWriter().u64('n', Number(value)).written).toEqual(written);
      }),
    );
  });

  it('are numbers of any number of digits, and negative ones', () => {
    const dictionary = parse(
      latin1Bytes('a=7\nb=-0000000000000001\nc=123456789ABCDEF01\nd=\ne=0x1\nf=1 \ng=-'),
    );
    expect(dictionary.u64('a')).toBe(7n);
    expect(dictionary.u64('b')).toBe(2n ** 64n - 1n);
    expect(dictionary.u64('c')).toBe(0x23456789abcdef01n);
    expect(dictionary.number('b')).toBe(2 ** 64);
    expect(dictionary.number('c')).toBe(0x23456789abcdef01);
    for (const wrong of ['d', 'e', 'f', 'g', 'none']) {
      expect(dictionary.u64(wrong), wrong).toBeNull();
      expect(dictionary.number(wrong), wrong).toBeNull();
    }
  });

  it('are true when they begin with 1, t or T', () => {
    const dictionary = parse(latin1Bytes('a=1\nb=true\nc=T\nd=0\ne=yes\nf='));
    expect(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => dictionary.boolean(name))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      null,
    ]);
  });

  it('are addresses of ten digits only', () => {
    const dictionary = parse(latin1Bytes('a=283C5bc4bc\nb=283c5bc4b\nc=283c5bc4bc0'));
    expect(dictionary.address('a')).toBe(0x283c5bc4bc);
    expect(dictionary.address('b')).toBeNull();
    expect(dictionary.address('c')).toBeNull();
  });

  it('are shown as text where they are printable, and escaped in a line', () => {
    const dictionary = parse(latin1Bytes('n=lab\nk\x1b=\x1b[2J'));
    expect(describeDictionary(dictionary)).toBe('n=lab k\\x1b=(4 bytes)');
    expect(dictionaryToJson(dictionary)).toEqual([
      { key: 'n', text: 'lab' },
      { key: 'k\x1b', hex: '1b5b324a' },
    ]);
  });

  it('have keys without bytes that would need an escape', () => {
    for (const wrong of ['a=b', 'a\nb', 'a\rb', 'a\0b'])
      expect(() => new DictionaryWriter().text(wrong, '')).toThrow('invariant broken');
  });
});

describe('the limits of a dictionary', () => {
  it('are met by one of 1 MB', () => {
    const text = new Uint8Array(1_000_000).fill(0x61);
    expect(parseDictionary(text, dictionaryBytesMax.config)).toBe('bad-dictionary');
  });

  it('are inclusive', () => {
    const text = latin1Bytes(`a=${'x'.repeat(dictionaryBytesMax.request - 2)}`);
    expect(isDrop(parseDictionary(text, dictionaryBytesMax.request))).toBe(false);
    expect(parseDictionary(new Uint8Array([...text, 0x78]), dictionaryBytesMax.request)).toBe(
      'bad-dictionary',
    );
  });

  it('leave the longest ones readable in linear time, whatever they hold', () => {
    for (const pattern of ['a=\n', 'a=\\\\\\', '\n', 'abc', '==', '\\', 'a\n']) {
      const text = latin1Bytes(
        pattern.repeat(Math.floor(dictionaryBytesMax.config / pattern.length)),
      );
      const entryCount = pattern === 'a=\n' ? text.length / 3 : pattern.includes('=') ? 1 : 0;
      expect(parse(text).entries.length, pattern).toBe(Math.floor(entryCount));
    }
  });
});

/** The rules of vl2.md 2 written down a second time: one expression for a line, whatever ends it. */
function slowParse(text: string): [key: string, value: string][] {
  const line = /([^=\n\r\0]*)(?:=((?:\\[^]|[^\\\n\r\0])*)\\?)?(?:[\n\r]|\0[^]*|$)/g;
  const letters: Record<string, string> = { '0': '\0', n: '\n', r: '\r', e: '=' };
  return Array.from(text.matchAll(line)).flatMap(([, name = '', value]) =>
    value === undefined
      ? []
      : [[name, value.replace(/\\([^])/g, (_, letter: string) => letters[letter] ?? letter)]],
  );
}
