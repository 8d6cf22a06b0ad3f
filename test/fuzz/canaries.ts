/**
 * Decoders with a mistake each, one for every law: proof that the fuzzer would find such a mistake. Each is the kind of
 * mistake that is made: none lies open, all need a certain field to have a certain value.
 */
import type { WireReader } from '../../src/wire/codec.ts';
import { codecTarget, type FuzzTarget } from './target.ts';

/** A canary and the law that it breaks, as the fuzzer words it. */
export interface Canary {
  readonly target: FuzzTarget;
  readonly law: RegExp;
}

interface Sample {
  readonly kind: number;
  readonly items: readonly number[];
}

/** A good input of all of them: kind 1, then two bytes of count, three items. */
const seeds = (): Uint8Array[] => [Uint8Array.of(1, 0, 3, 10, 20, 30)];

/** A codec of a kind and a list, with a change to one of its parts. */
function canary(
  name: string,
  law: RegExp,
  mistake: {
    readonly read?: (sample: Sample, reader: WireReader) => Sample;
    readonly describe?: (sample: Sample) => string;
  },
): Canary {
  return {
    law,
    target: codecTarget<Sample>(
      {
        name: `canary ${name}`,
        layout: [],
        read(reader) {
          const kind = reader.u8();
          const count = reader.u16();
          const items: number[] = [];
          while (items.length < count && reader.failure === null) items.push(reader.u8());
          return mistake.read?.({ kind, items }, reader) ?? { kind, items };
        },
        write(writer, { kind, items }) {
          writer.u8(kind);
          writer.u16(items.length);
          for (const item of items) writer.u8(item);
        },
        describe: (sample) => mistake.describe?.(sample) ?? `${sample.items.length} items`,
        toJson: ({ kind, items }) => ({ kind, items }),
      },
      seeds,
    ),
  };
}

/** One for each law. */
export const canaries: readonly Canary[] = [
  canary('throws', /^throws RangeError/, {
    read(sample, reader) {
      if (sample.kind === 7 && reader.failure === null && sample.items.length > 4)
        new DataView(reader.bytes.buffer).getUint32(reader.bytes.length);
      return sample;
    },
  }),
  canary('forgets', /^reads .* and writes /, {
    read: (sample) => ({ ...sample, items: sample.items.filter((item) => item !== 0x7f) }),
  }),
  canary('offsets', /^reads .* and writes |^throws/, {
    // Counts from the start of the buffer instead of the start of the value.
    read: (sample, reader) => ({ ...sample, kind: reader.bytes[0] ?? 0 }),
  }),
  canary('scribbles', /^changes its input/, {
    read(sample, reader) {
      if (sample.items.length === 2) reader.bytes[reader.offset - 1] = 0;
      return sample;
    },
  }),
  canary('invents', /^gives an unknown reason/, {
    read(sample, reader) {
      if (sample.kind > 0x7f) reader.fail('no such reason' as 'truncated');
      return sample;
    },
  }),
  canary('unescaped', /^prints "/, {
    describe: ({ items }) => String.fromCharCode(items[0] ?? 0x20),
  }),
  canary('slow', /^takes more than/, {
    read(sample) {
      const until = performance.now() + 120;
      if (sample.kind === 0xff) while (performance.now() < until);
      return sample;
    },
  }),
  canary('greedy', /^allocates more than/, {
    read(sample, reader) {
      // Makes room for what a count promises before it is there.
      if (sample.kind === 0x80) new Uint8Array(64 * 1024 * 1024).set([reader.offset]);
      return sample;
    },
  }),
  canary('heavy', /^makes \d+ parts/, {
    read(sample) {
      if (sample.kind !== 0x10) return sample;
      return { ...sample, kind: sample.kind, rest: new Uint8Array(100_000) } as Sample;
    },
  }),
];
