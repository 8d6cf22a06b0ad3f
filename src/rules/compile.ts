/**
 * Compiles the rule definition language.
 *
 *     drop|accept|break|tee LENGTH ADDRESS|watch LENGTH ADDRESS|redirect ADDRESS
 *       [and|or] [not] CONDITION … ;
 *     tag NAME id ID [default VALUE|NAME] [enum VALUE NAME] … [flag BIT NAME] … ;
 *     cap NAME id ID [default] ACTION … ; … ;
 *     macro NAME[($VARIABLE,…)] ACTION … ; … ;
 *     include NAME[(VALUE,…)]
 *     expect accept|drop PACKET ;         ours: a test, see packet-words.ts
 *     raw BYTES … ;                       ours: rules that the language has no words for, as on the wire
 *
 * Source: docs.zerotier.com, "Rules Engine", section "Rule Definition Language Syntax". Macros and tags are made above
 * where they are used; packets of tests may name what is made below.
 *
 * Bad text is never thrown: it becomes problems.
 */
import { fromHex } from '../base/bytes.ts';
import { decode, isDrop } from '../wire/codec.ts';
import type { Rule } from '../wire/rules/rule.ts';
import { capabilityRulesMax, networkRulesMax, rules as rulesCodec } from '../wire/rules/rules.ts';
import { actionWords } from './actions.ts';
import type {
  CompiledCapability,
  CompiledSource,
  CompiledTag,
  Expectation,
  PlacedRules,
  RuleOrigin,
} from './compiled.ts';
import { conditionByWord } from './conditions.ts';
import { definitionWords, keywords } from './keywords.ts';
import { readPacket } from './packet-words.ts';
import { Problems, type SourceProblem } from './problem.ts';
import { quoteToken, tokenize, tooLong, wordLengthMax, type Token } from './tokens.ts';
import { WordReader } from './word-reader.ts';

/** What comes of a source. */
export type CompileResult =
  | { readonly kind: 'compiled'; readonly compiled: CompiledSource }
  | { readonly kind: 'problems'; readonly problems: readonly SourceProblem[] };

/** Capabilities of a network. */
export const capabilitiesMax = 128;
/** Tags of a network. */
export const tagsMax = 128;
/** Tests of a network. */
export const testsMax = 256;
/** Macros that include each other. */
export const includeDepthMax = 16;
/** Macros that are included in all. */
export const includesMax = 4096;
const macroVariablesMax = 16;
const u32Max = 0xffff_ffff;

/** Compiles a source. */
export function compile(source: string): CompileResult {
  const problems = new Problems();
  const compiler = new Compiler(problems);
  const compiled = problems.attempt(() => compiler.compile(source), true);
  return compiled === undefined || problems.list.length > 0
    ? { kind: 'problems', problems: problems.list }
    : { kind: 'compiled', compiled };
}

interface Macro {
  readonly variables: readonly string[];
  readonly body: readonly Token[];
  readonly end: Token;
}

interface Test {
  readonly at: Token;
  readonly verdict: Expectation['verdict'];
  readonly words: readonly Token[];
  readonly end: Token;
}

/** Rules as they are collected. */
class RuleList implements PlacedRules {
  readonly rules: Rule[] = [];
  readonly origins: RuleOrigin[] = [];
  readonly #problems: Problems;
  readonly #max: number;

  constructor(problems: Problems, max: number) {
    this.#problems = problems;
    this.#max = max;
  }

  add(rule: Rule, { line, column, includedAt }: Token): void {
    if (this.rules.length >= this.#max)
      this.#problems.abort(
        includedAt ?? { line, column },
        'there are too many rules',
        `at most ${this.#max}: each condition and each action is one`,
      );
    this.rules.push(rule);
    this.origins.push({ line, column, includedAt });
  }
}

const actions = [...actionWords.keys()];
const statements = `one of ${[...actions, ...definitionWords].join(', ')}`;
const conditions = `a condition (${[...conditionByWord.keys()].join(', ')}) or ";"`;

class Compiler {
  readonly #problems: Problems;
  readonly #warnings = new Problems();
  readonly #base: RuleList;
  readonly #tags = new Map<string, CompiledTag>();
  readonly #capabilities = new Map<string, CompiledCapability>();
  readonly #macros = new Map<string, Macro>();
  readonly #tests: Test[] = [];
  #includes = 0;

  constructor(problems: Problems) {
    this.#problems = problems;
    this.#base = new RuleList(problems, networkRulesMax);
  }

  compile(source: string): CompiledSource {
    const { list, end } = tokenize(source, this.#problems);
    const words = this.#reader(list, end);
    while (!words.isAtEnd) {
      const { text } = words.peek();
      if (
        this.#tried(() => {
          this.#statement(words);
        })
      )
        continue;
      if (text === 'cap' || text === 'macro') skipBlock(words);
      else words.skipStatement();
    }
    const capabilities = [...this.#capabilities.values()];
    const tags = [...this.#tags.values()];
    return {
      rules: this.#base.rules,
      origins: this.#base.origins,
      capabilities: capabilities.sort((a, b) => a.id - b.id),
      tags: tags.sort((a, b) => a.id - b.id),
      capabilitiesByName: this.#capabilities,
      tagsByName: this.#tags,
      tests: this.#tests.flatMap((test) => this.#expectation(test)),
      warnings: this.#warnings.list,
    };
  }

  #reader(list: readonly Token[], end: Token): WordReader {
    return new WordReader(list, end, {
      problems: this.#problems,
      warnings: this.#warnings,
      tags: this.#tags,
    });
  }

  /** Whether it was read to its end. */
  #tried(read: () => void): boolean {
    return (
      this.#problems.attempt(() => {
        read();
        return true;
      }) === true
    );
  }

  #statement(words: WordReader): void {
    const token = words.peek();
    switch (token.text) {
      case 'tag':
        this.#tag(words);
        return;
      case 'cap':
        this.#capability(words);
        return;
      case 'macro':
        this.#macro(words);
        return;
      case 'expect':
        this.#expect(words);
        return;
      default:
        if (!this.#rule(words, this.#base, 0))
          words.fail(token, `${quoteToken(token)} begins no statement`, statements);
    }
  }

  /** What can stand in a network's rules, in a capability and in a macro; false for anything else. */
  #rule(words: WordReader, into: RuleList, depth: number): boolean {
    const { text } = words.peek();
    if (actionWords.has(text)) this.#action(words, into);
    else if (text === 'include') this.#include(words, into, depth);
    else if (text === 'raw') this.#raw(words, into);
    else return false;
    return true;
  }

  #action(words: WordReader, into: RuleList): void {
    const at = words.take();
    const action = actionWords.get(at.text)?.(words);
    while (!words.takeIf(';')) {
      const or = words.takeIf('or');
      if (!or) words.takeIf('and');
      const first = words.peek();
      const not = words.takeIf('not');
      const token = words.peek();
      const condition = conditionByWord.get(token.text);
      if (condition === undefined) noCondition(words, token);
      words.take();
      into.add({ ...condition.read(words), not, or }, first);
    }
    if (action !== undefined) into.add(action, at);
  }

  #raw(words: WordReader, into: RuleList): void {
    const at = words.take();
    const tokens = words.takeStatement();
    words.takeOnly(';');
    const bytes = fromHex(tokens.map(({ text }) => text).join(''));
    const rules = bytes === null ? null : decode(rulesCodec, bytes);
    if (rules === null || isDrop(rules) || rules.length === 0) {
      this.#problems.add(
        at,
        'these are no rules',
        'the bytes of rules as on the wire, in hexadecimal',
      );
      return;
    }
    for (const rule of rules) into.add(rule, at);
  }

  #tag(words: WordReader): void {
    words.take();
    const name = this.#newName(words, 'tag', this.#tags, tagsMax);
    const enums = new Map<string, number>();
    const flags = new Map<string, number>();
    let id: number | null = null;
    let standard: Token | null = null;
    while (!words.takeIf(';')) {
      const token = words.take();
      switch (token.text) {
        case 'id':
          id = this.#newId(words, 'tag', this.#tags);
          break;
        case 'default':
          standard = words.word('a value, or the name of one');
          break;
        case 'enum': {
          const value = words.integer('a value', u32Max);
          enums.set(newValueName(words, enums, flags), value);
          break;
        }
        case 'flag': {
          const bit = words.integer('a bit', 31);
          flags.set(newValueName(words, enums, flags), bit);
          break;
        }
        default:
          words.fail(token, `${quoteToken(token)} stands there`, 'id, default, enum, flag or ";"');
      }
    }
    if (id === null) {
      this.#problems.add(name, `tag ${name.text} has no id`, '"id" and a number');
      return;
    }
    const value =
      standard === null
        ? null
        : this.#reader([standard], standard).tagValue({ tag: { enums, flags } });
    this.#tags.set(name.text, { id, name: name.text, default: value, enums, flags });
  }

  #capability(words: WordReader): void {
    words.take();
    const name = this.#newName(words, 'capability', this.#capabilities, capabilitiesMax);
    const list = new RuleList(this.#problems, capabilityRulesMax);
    let id: number | null = null;
    let isDefault = false;
    while (!words.takeIf(';')) {
      const token = words.peek();
      if (words.takeIf('id')) id = this.#newId(words, 'capability', this.#capabilities);
      else if (words.takeIf('default')) isDefault = true;
      else if (!actionWords.has(token.text) && token.text !== 'include' && token.text !== 'raw')
        words.fail(
          token,
          `${quoteToken(token)} stands there`,
          `id, default, ${actions.join(', ')}, include, or ";"`,
        );
      else if (!this.#tried(() => this.#rule(words, list, 0))) words.skipStatement();
    }
    if (id === null) {
      this.#problems.add(name, `capability ${name.text} has no id`, '"id" and a number');
      return;
    }
    const { rules, origins } = list;
    this.#capabilities.set(name.text, { id, name: name.text, isDefault, rules, origins });
  }

  /** Its words are looked at when it is included: only then it is known what its variables are. */
  #macro(words: WordReader): void {
    words.take();
    const name = this.#newName(words, 'macro', this.#macros, Infinity);
    const variables = words.takeIf('(') ? macroVariables(words) : [];
    const body: Token[] = [];
    let isInAction = false;
    for (;;) {
      const token = words.peek();
      if (token.text === '') words.fail(token, `macro ${name.text} does not end`, '";"');
      if (!isInAction && !actionWords.has(token.text) && !/^(include|raw|;)$/.test(token.text))
        words.fail(
          token,
          `${quoteToken(token)} begins no rule`,
          `${actions.join(', ')}, include or ";"`,
        );
      if (!isInAction && token.text === ';') break;
      if (!isInAction && token.text === 'include') body.push(...takeInclude(words));
      else {
        body.push(words.take());
        isInAction = token.text !== ';';
      }
    }
    this.#macros.set(name.text, { variables, body, end: words.take() });
  }

  #include(words: WordReader, into: RuleList, depth: number): void {
    const at = words.take();
    const name = words.word('the name of a macro');
    const macro = this.#macros.get(name.text);
    if (macro === undefined) {
      const known = [...this.#macros.keys()].join(', ');
      words.fail(
        name,
        `there is no macro ${quoteToken(name)} above`,
        known === '' ? 'the name of a macro' : `one of ${known}`,
      );
    }
    const values = words.takeIf('(') ? macroValues(words) : [];
    if (values.length !== macro.variables.length)
      words.fail(
        name,
        `macro ${name.text} is given ${values.length} values`,
        `${macro.variables.length}`,
      );
    if (depth >= includeDepthMax || ++this.#includes > includesMax)
      this.#problems.abort(
        at,
        'too many macros are included',
        `at most ${includesMax}, ${includeDepthMax} deep`,
      );
    const includedAt = at.includedAt ?? { line: at.line, column: at.column };
    const given = new Map(macro.variables.map((variable, i) => [variable, values[i]?.text ?? '']));
    const placed = macro.body.map((token) => ({
      ...token,
      text: substituted(token.text, given),
      includedAt,
    }));
    const long = placed.find(({ text }) => text.length > wordLengthMax);
    if (long !== undefined) this.#problems.abort(includedAt, ...tooLong(long.text));
    const inner = this.#reader(placed, { ...macro.end, includedAt });
    while (!inner.isAtEnd) {
      const read = (): void => {
        const token = inner.peek();
        if (!this.#rule(inner, into, depth + 1))
          inner.fail(
            token,
            `${quoteToken(token)} begins no rule`,
            `${actions.join(', ')} or include`,
          );
      };
      if (!this.#tried(read)) inner.skipStatement();
    }
  }

  #expect(words: WordReader): void {
    const at = words.take();
    const verdict = words.word('accept or drop');
    if (verdict.text !== 'accept' && verdict.text !== 'drop')
      words.fail(verdict, `${quoteToken(verdict)} stands there`, 'accept or drop');
    if (this.#tests.length >= testsMax)
      this.#problems.abort(at, 'there are too many tests', `at most ${testsMax}`);
    const tokens = words.takeStatement();
    const end = words.takeOnly(';');
    this.#tests.push({ at, verdict: verdict.text, words: tokens, end });
  }

  #expectation({ at, verdict, words, end }: Test): Expectation[] {
    const reader = this.#reader(words, end);
    const things = {
      capabilities: [...this.#capabilities.values()],
      tags: [...this.#tags.values()],
    };
    const packet = this.#problems.attempt(() => readPacket(reader, things));
    if (packet === undefined) return [];
    const text = ['expect', verdict, ...words.map((word) => word.text)].join(' ');
    return [{ line: at.line, column: at.column, verdict, packet, text }];
  }

  #newName(
    words: WordReader,
    what: string,
    known: ReadonlyMap<string, unknown>,
    max: number,
  ): Token {
    const token = words.name(`a name for the ${what}`);
    if (keywords.has(token.text))
      words.fail(
        token,
        `"${token.text}" is a word of the language`,
        `another name for the ${what}`,
      );
    if (known.has(token.text))
      words.fail(token, `there is a ${what} ${token.text} already`, 'another name');
    if (known.size >= max)
      this.#problems.abort(token, `there is one ${what} too many`, `at most ${max}`);
    return token;
  }

  #newId(words: WordReader, what: string, known: ReadonlyMap<string, { id: number }>): number {
    const token = words.peek();
    const id = words.integer(`an id of the ${what}`, u32Max);
    for (const [name, other] of known)
      if (other.id === id) words.fail(token, `${what} ${name} has this id already`, 'another id');
    return id;
  }
}

function noCondition(words: WordReader, token: Token): never {
  const begins = actionWords.has(token.text) || definitionWords.includes(token.text);
  return words.fail(
    token,
    begins
      ? `${quoteToken(token)} begins a statement: the one before it has no ";"`
      : `${quoteToken(token)} is no condition`,
    conditions,
  );
}

/** A name for a value of a tag. */
function newValueName(
  words: WordReader,
  enums: ReadonlyMap<string, number>,
  flags: ReadonlyMap<string, number>,
): string {
  const token = words.name('a name for the value');
  if (enums.has(token.text) || flags.has(token.text))
    words.fail(token, `the tag has a value ${token.text} already`, 'another name');
  return token.text;
}

/** `$a, $b)` */
function macroVariables(words: WordReader): string[] {
  const variables: string[] = [];
  do {
    const token = words.word('a variable like $port');
    if (!/^\$[A-Za-z_]\w*$/.test(token.text) || variables.includes(token.text))
      words.fail(token, `${quoteToken(token)} is no new variable`, 'a variable like $port');
    if (variables.length >= macroVariablesMax)
      words.fail(token, 'there are too many variables', `at most ${macroVariablesMax}`);
    variables.push(token.text);
  } while (words.takeIf(','));
  words.takeOnly(')');
  return variables;
}

/** `80, 443)` */
function macroValues(words: WordReader): Token[] {
  const values: Token[] = [];
  do values.push(words.word('a value for a variable'));
  while (words.takeIf(',') && values.length <= macroVariablesMax);
  words.takeOnly(')');
  return values;
}

/** The words of an include, in a macro. */
function takeInclude(words: WordReader): Token[] {
  const taken = [words.take(), words.word('the name of a macro')];
  if (words.peek().text !== '(') return taken;
  for (;;) {
    const token = words.take();
    if (token.text === '' || token.text === ';')
      words.fail(token, `${quoteToken(token)} stands there`, '")"');
    taken.push(token);
    if (token.text === ')') return taken;
  }
}

/** Variables anywhere in a word are replaced; what is none stays, and is no number or name then. */
function substituted(text: string, given: ReadonlyMap<string, string>): string {
  if (given.size === 0 || !text.includes('$')) return text;
  return text.replace(/\$[A-Za-z_]\w*/g, (variable) => given.get(variable) ?? variable);
}

/** Passes over a capability or a macro, and over the statements in it. */
function skipBlock(words: WordReader): void {
  let isInAction = false;
  for (;;) {
    const { text } = words.take();
    if (text === '') return;
    if (text !== ';') isInAction ||= actionWords.has(text) || text === 'raw' || text === 'tag';
    else if (isInAction) isInAction = false;
    else return;
  }
}
