/** A shell that stays open on a host: what it runs takes a millisecond or two, not the start of the four programs that lead there. */
import type { Program } from '../../test/programs/program.ts';
import { nowMs } from './timeline.ts';

/** A command that has ended. Times are {@link nowMs}. */
export interface Done {
  /** Before it was begun. */
  readonly fromMs: number;
  /** After it had ended. */
  readonly toMs: number;
  readonly output: string;
}

const mark = '__done ';
const commandMsMax = 30_000;

/** See the head of this file. */
export class Hand {
  readonly #program: Program;
  #last: Promise<unknown> = Promise.resolve();
  #output: string[] = [];
  #end: (code: string | null) => void = () => undefined;

  /** @param start - starts a program on the host, which gives each of its lines away */
  constructor(start: (words: readonly string[], onLine: (line: string) => void) => Program) {
    this.#program = start(['sh'], (line) => {
      if (line.startsWith(mark)) this.#end(line.slice(mark.length));
      else this.#output.push(line);
    });
  }

  /** Runs a command, after those before it. @throws where it fails */
  run(command: string): Promise<Done> {
    const done = this.#last.then(() => this.#run(command));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #run(command: string): Promise<Done> {
    this.#output = [];
    const ended = new Promise<string | null>((resolve) => {
      const timer = setTimeout(resolve, commandMsMax, null);
      this.#end = (code) => {
        clearTimeout(timer);
        resolve(code);
      };
    });
    const fromMs = nowMs();
    this.#program.write(`{ ${command}\n} 2>&1 </dev/null; printf '\\n${mark}%s\\n' $?\n`);
    const code = await ended;
    const toMs = nowMs();
    const output = this.#output.join('\n').trim();
    if (code !== '0') throw new Error(`${command}: ${code ?? 'no end'}\n${output}`);
    return { fromMs, toMs, output };
  }
}
