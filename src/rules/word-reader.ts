/** Takes words of a source one after the other as what they must be; what is something else is a problem. */
import { parseAddress, parseMac, type Address, type Mac } from '../base/ids.ts';
import { parseIpv4, parseIpv6 } from '../wire/ip-address.ts';
import type { CompiledTag } from './compiled.ts';
import { isName } from './name-text.ts';
import type { Names } from './names.ts';
import type { Problems } from './problem.ts';
import { quoteToken, type Token } from './tokens.ts';

/** A range of numbers, both ends in it. */
export interface NumberRange {
  readonly start: number;
  readonly end: number;
}

/** An IP address. */
export type IpAddress =
  | { readonly family: 'ipv4'; readonly ip: number }
  | { readonly family: 'ipv6'; readonly ip: Uint8Array };

/** What `tag` gives: its number, and the tag where it has a name. */
export interface NamedTag {
  readonly id: number;
  readonly tag: CompiledTag | null;
}

const u32Max = 0xffff_ffff;
const u64Max = 0xffff_ffff_ffff_ffffn;

/** Words, in order. */
export class WordReader {
  readonly problems: Problems;
  readonly warnings: Problems;
  /** Tags that conditions can name. */
  readonly tags: ReadonlyMap<string, CompiledTag>;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;

  constructor(
    tokens: readonly Token[],
    end: Token,
    { problems, warnings, tags }: Pick<WordReader, 'problems' | 'warnings' | 'tags'>,
  ) {
    this.#tokens = tokens;
    this.#end = end;
    this.problems = problems;
    this.warnings = warnings;
    this.tags = tags;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The next word, which stays; at the end, what stands there: nothing, or what closes the words. */
  peek(): Token {
    return this.#tokens[this.#at] ?? this.#end;
  }

  /** The next word, taken. */
  take(): Token {
    const token = this.peek();
    if (this.#at < this.#tokens.length) this.#at++;
    return token;
  }

  /** Takes the next word if it is this one. */
  takeIf(text: string): boolean {
    if (this.peek().text !== text) return false;
    this.#at++;
    return true;
  }

  /** Takes a word that must be this one. */
  takeOnly(text: string): Token {
    const token = this.peek();
    if (token.text !== text) this.fail(token, `${quoteToken(token)} stands there`, `"${text}"`);
    return this.take();
  }

  /** Takes words up to one of a statement's end, which is taken, too. */
  skipStatement(): void {
    while (this.peek().text !== '') if (this.take().text === ';') return;
  }

  /** The words from here to the next `;`, taken without it. */
  takeStatement(): readonly Token[] {
    const taken: Token[] = [];
    while (this.peek().text !== ';' && this.peek().text !== '') taken.push(this.take());
    return taken;
  }

  /** Leaves the statement. */
  fail(token: Token, message: string, expected: string): never {
    const from = token.includedAt === null ? '' : ` (included in line ${token.includedAt.line})`;
    return this.problems.fail(token, `${message}${from}`, expected);
  }

  /** Notes what is allowed and hardly meant. */
  warn(token: Token, message: string, expected: string): void {
    this.warnings.add(token, message, expected);
  }

  /** A word of any kind. */
  word(expected: string): Token {
    const token = this.peek();
    if (/^[;(),]?$/.test(token.text))
      this.fail(token, `${quoteToken(token)} stands there`, expected);
    return this.take();
  }

  /** A name of a person's choice. @param what - `a name for the tag` */
  name(what: string): Token {
    const token = this.word(what);
    if (!isName(token.text))
      this.fail(
        token,
        `${quoteToken(token)} is no name`,
        `${what}: a letter, then letters, digits, "_", "-" or ".", at most 64`,
      );
    return token;
  }

  /** A number, decimal or hexadecimal with 0x, or a name of one. @param what - `a port` */
  integer(what: string, max: number, names?: Names): number {
    const expected = `${what}: ${numberOrName(max, names)}`;
    const token = this.word(expected);
    const named = names?.get(token.text);
    if (named !== undefined) return named;
    const number = parseNumber(token.text);
    if (number === null || number > max)
      this.fail(token, `${quoteToken(token)} is not ${what}`, expected);
    return number;
  }

  /** Like {@link integer}; −1 is null. */
  integerOrAll(what: string, max: number): number | null {
    if (this.takeIf('-1')) return null;
    return this.integer(`${what} (-1: any)`, max);
  }

  /** `80` or `80-443`. */
  range(what: string, max: number): NumberRange {
    const expected = `${what}: a number from 0 to ${max}, or two of them as from-to`;
    const token = this.word(expected);
    const [first = '', second = first, ...rest] = token.text.split('-');
    const start = parseNumber(first);
    const end = parseNumber(second);
    if (rest.length > 0 || start === null || end === null || start > max || end > max)
      this.fail(token, `${quoteToken(token)} is not ${what}`, expected);
    if (start > end) this.fail(token, `${quoteToken(token)} runs backwards`, expected);
    return { start, end };
  }

  /** A node's address. */
  address(): Address {
    const expected = "a node's address: 10 hexadecimal digits";
    const token = this.word(expected);
    return (
      parseAddress(token.text) ?? this.fail(token, `${quoteToken(token)} is no address`, expected)
    );
  }

  /** An Ethernet address. */
  mac(): Mac {
    const expected = 'an Ethernet address: aa:bb:cc:dd:ee:ff';
    const token = this.word(expected);
    return parseMac(token.text) ?? this.fail(token, `${quoteToken(token)} is no MAC`, expected);
  }

  /** An IPv4 or IPv6 address. */
  ip(): IpAddress {
    const expected = 'an IP address';
    const token = this.word(expected);
    return (
      parseIp(token.text) ?? this.fail(token, `${quoteToken(token)} is no IP address`, expected)
    );
  }

  /** `10.0.0.0/8`, `fd00::/8`. */
  prefix(): IpAddress & { readonly bits: number; readonly token: Token } {
    const expected = 'an IP network: address/bits, /32 or /128 for one address';
    const token = this.word(expected);
    const [text = '', bitsText = '', ...rest] = token.text.split('/');
    const address = parseIp(text);
    const bits = /^\d{1,3}$/.test(bitsText) ? Number(bitsText) : null;
    const bitsMax = address?.family === 'ipv4' ? 32 : 128;
    if (address === null || bits === null || bits > bitsMax || rest.length > 0)
      this.fail(token, `${quoteToken(token)} is no IP network`, expected);
    return { ...address, bits, token };
  }

  /** 0.0 to 1.0, as 32 bits. */
  probability(): number {
    const expected = 'a probability from 0.0 to 1.0';
    const token = this.word(expected);
    const value = Number(token.text);
    if (!/^(\d+(\.\d*)?|\.\d+)$/.test(token.text) || value > 1)
      this.fail(token, `${quoteToken(token)} is no probability`, expected);
    return Math.round(value * u32Max);
  }

  /** Bits of 64: a number, or the name of one. */
  mask(what: string, bits: Names): bigint {
    const expected = `${what}: ${[...bits.keys()].join(', ')}, or a mask like 0x10`;
    const token = this.word(expected);
    const bit = bits.get(token.text);
    if (bit !== undefined) return 1n << BigInt(bit);
    const number = /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(token.text) ? BigInt(token.text) : null;
    if (number === null || number > u64Max)
      this.fail(token, `${quoteToken(token)} is not ${what}`, expected);
    return number;
  }

  /** The name of a tag that was made above, or a number. */
  tag(): NamedTag {
    const token = this.word('the name of a tag');
    const tag = this.tags.get(token.text);
    if (tag !== undefined) return { id: tag.id, tag };
    const id = parseNumber(token.text);
    if (id !== null && id <= u32Max)
      return { id, tag: [...this.tags.values()].find((each) => each.id === id) ?? null };
    const known = [...this.tags.keys()];
    return this.fail(
      token,
      `there is no tag ${quoteToken(token)} above`,
      known.length === 0 ? 'the name of a tag' : `one of ${known.join(', ')}`,
    );
  }

  /** A number, or the name of a value or bit of that tag. */
  tagValue({ tag }: { readonly tag: Pick<CompiledTag, 'enums' | 'flags'> | null }): number {
    return this.integer('a value of the tag', u32Max, tag === null ? undefined : valueNames(tag));
  }
}

/** A number, decimal or hexadecimal with 0x, of at most 53 bits; null for anything else. */
function parseNumber(text: string): number | null {
  return /^(0x[0-9a-f]{1,12}|\d{1,15})$/i.test(text) ? Number(text) : null;
}

function parseIp(text: string): IpAddress | null {
  const v4 = parseIpv4(text);
  if (v4 !== null) return { family: 'ipv4', ip: v4 };
  const v6 = parseIpv6(text);
  return v6 === null ? null : { family: 'ipv6', ip: v6 };
}

/** The values of a tag that have names: those of enums, and the bits of flags alone. */
function valueNames({ enums, flags }: Pick<CompiledTag, 'enums' | 'flags'>): Names {
  const bits = [...flags].map(([name, bit]): [string, number] => [name, 2 ** bit]);
  return new Map([...bits, ...enums]);
}

function numberOrName(max: number, names: Names | undefined): string {
  const number = `a number from 0 to ${max}`;
  if (names === undefined || names.size === 0) return number;
  return `${[...names.keys()].join(', ')}, or ${number}`;
}
