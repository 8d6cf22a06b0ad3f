/**
 * What may stand where a word is being typed, found in the commands themselves, so that it is never behind them. The
 * shells' scripts (`completion-scripts.ts`) ask for it through the hidden command `complete`.
 */
import type { Argument, Command, Option } from 'commander';

/** A word that may stand there. */
export interface Candidate {
  readonly word: string;
  readonly description: string;
}

/** What may stand there: words, or what the file system has. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly paths: 'none' | 'files' | 'directories';
}

/** What is a path, by the name that the help gives it. */
const pathKinds: Readonly<Record<string, Completion['paths']>> = {
  file: 'files',
  files: 'files',
  'file.mjs': 'files',
  path: 'files',
  capture: 'files',
  run: 'files',
  identity: 'files',
  directory: 'directories',
};

/** Where the cursor stands. */
interface Place {
  readonly command: Command;
  /** Operands of the command so far. */
  readonly operandCount: number;
  /** Whose value is being typed. */
  readonly option: Option | null;
  /** Whether `--` came before. */
  readonly isPastOptions: boolean;
}

/**
 * What may stand for the last word.
 *
 * @param program - with the command that the words name complete
 * @param words - what is typed after `overspan`, up to the cursor; the last one may be empty
 */
export function complete(program: Command, words: readonly string[]): Completion {
  // bash makes three words of --port=9993.
  const split = words.filter((word, index) => word !== '=' || index === words.length - 1);
  const typed = split.at(-1) === '=' ? '' : (split.at(-1) ?? '');
  const place = placeAfter(program, split.slice(0, -1), typed);
  const found = completionAt(place, typed);
  const candidates = found.candidates.filter(({ word }) => word.startsWith(typed));
  return { ...found, candidates };
}

function placeAfter(program: Command, before: readonly string[], typed: string): Place {
  let command = program;
  let operandCount = 0;
  let isPastOptions = false;
  /** Whose value must come next, and whose may. */
  let due: Option | null = null;
  let open: Option | null = null;
  for (const word of before) {
    if (due !== null) {
      open = due.variadic ? due : null;
      due = null;
    } else if (!isPastOptions && word === '--') {
      isPastOptions = true;
      open = null;
    } else if (!isPastOptions && isOption(word)) {
      const option = command.options.find(({ long, short }) => word === long || word === short);
      due = option?.required === true ? option : null;
      open = null;
    } else if (open === null) {
      const inner = operandCount === 0 ? commandsOf(command).find((c) => c.name() === word) : null;
      // `help` goes before the words of a command and takes none itself.
      if (inner?.name() !== 'help') command = inner ?? command;
      if (inner === null || inner === undefined) operandCount++;
    }
  }
  const option = due ?? (typed.startsWith('-') ? null : open);
  return { command, operandCount, option, isPastOptions };
}

function completionAt(place: Place, typed: string): Completion {
  const { command, operandCount, option, isPastOptions } = place;
  if (option !== null) return valuesOf(option.flags, option.argChoices);
  if (typed.startsWith('-') && !isPastOptions) return optionsOf(command, typed);
  const commands = commandsOf(command);
  if (commands.length > 0) {
    const candidates = commands.map((c) => ({ word: c.name(), description: c.summary() }));
    return { candidates: operandCount === 0 ? candidates : [], paths: 'none' };
  }
  const operands: readonly Argument[] = command.registeredArguments;
  const last = operands.at(-1);
  const operand = operands[operandCount] ?? (last?.variadic === true ? last : undefined);
  return operand === undefined
    ? { candidates: [], paths: 'none' }
    : valuesOf(`<${operand.name()}>`, operand.argChoices);
}

/** The options of a command; after `--name=` the values of one. */
function optionsOf(command: Command, typed: string): Completion {
  const options = command.createHelp().visibleOptions(command);
  const [name] = typed.split('=', 1);
  if (name !== typed) {
    const option = options.find(({ long, required }) => long === name && required);
    if (option === undefined) return { candidates: [], paths: 'none' };
    const { candidates, paths } = valuesOf(option.flags, option.argChoices);
    return {
      candidates: candidates.map((c) => ({ ...c, word: `${name}=${c.word}` })),
      paths,
    };
  }
  return {
    candidates: options.map(({ long, short, description }) => ({
      word: long ?? short ?? '',
      description,
    })),
    paths: 'none',
  };
}

/** @param flags - in which `<name>` says what the value is */
function valuesOf(flags: string, choices: readonly string[] | undefined): Completion {
  const candidates = (choices ?? []).map((word) => ({ word, description: '' }));
  const name = /<([^>]*?)(\.\.\.)?>/.exec(flags)?.[1] ?? '';
  return { candidates, paths: pathKinds[name] ?? 'none' };
}

/** Those that the help shows, with `help` itself where there are others. */
function commandsOf(command: Command): Command[] {
  return command.createHelp().visibleCommands(command);
}

/** A lone hyphen is standard input. */
function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-';
}
