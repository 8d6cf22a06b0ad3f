/** What the checks found: a table with a row for each kind and a column for each place. */
import { Failure } from './wait.ts';

/** What became of one row in one place. */
type Cell =
  | { readonly isGood: true; readonly text: string }
  | { readonly isGood: false; readonly why: string };

/** What is known of a row. */
export interface RowFacts {
  /** Why official nodes among themselves do not manage it either, where that is so. */
  readonly official?: string;
}

/**
 * Does what a row says and notes what came of it; goes on to the next in any case.
 *
 * @param body - its result stands in the table: seconds, or words; nothing is `ok`
 * @returns whether it held
 */
export type Row = (
  name: string,
  body: () => Promise<number | string | undefined>,
  facts?: RowFacts,
) => Promise<boolean>;

/** What failed, and what of it official nodes do not manage either. */
export interface Tally {
  readonly cells: number;
  readonly failures: number;
  readonly officialToo: number;
}

const officialPlace = '';

/** See the head of this file. */
export class Report {
  readonly #places: readonly string[];
  readonly #rows = new Map<string, Map<string, Cell>>();
  readonly #facts = new Map<string, RowFacts>();
  readonly #order: readonly string[];

  /** @param order - the checks, in the order of the table */
  constructor(places: readonly string[], order: readonly string[]) {
    this.#places = places;
    this.#order = order;
  }

  /** Where a check in a place notes its rows. */
  rowsOf(check: string, place: string): Row {
    return async (name, body, facts = {}) => {
      const key = `${check}: ${name}`;
      let cell: Cell;
      try {
        const result = await body();
        const text = typeof result === 'number' ? `${result.toFixed(1)} s` : (result ?? 'ok');
        cell = { isGood: true, text };
      } catch (error) {
        cell = { isGood: false, why: reason(error) };
      }
      const row = this.#rows.get(key) ?? new Map<string, Cell>();
      this.#rows.set(key, row.set(place, cell));
      this.#facts.set(key, facts);
      const said = cell.isGood ? cell.text : `FAIL  ${cell.why}`;
      console.log(`${placeName(place).padEnd(9)}${key.padEnd(58)}${said}`);
      return cell.isGood;
    };
  }

  /** The table, and under it why what failed did. */
  print(): Tally {
    const keys = [...this.#rows.keys()].sort((a, b) => this.#rank(a) - this.#rank(b));
    const lines = [['', ...this.#places.map(placeName)]];
    const notes: string[] = [];
    let [cells, failures, officialToo] = [0, 0, 0];
    for (const key of keys) {
      const line = [key];
      for (const place of this.#places) {
        const cell = this.#rows.get(key)?.get(place);
        if (cell !== undefined) cells++;
        const isOfficial = cell?.isGood === false && this.#failsOfficially(key);
        if (cell?.isGood === false) {
          if (isOfficial) officialToo++;
          else failures++;
          notes.push(`${placeName(place)}, ${key}: ${cell.why}${this.#excuse(key, isOfficial)}`);
        }
        line.push(cell === undefined ? '–' : text(cell, isOfficial));
      }
      lines.push(line);
    }
    console.log(`\n${aligned(lines)}\n`);
    for (const note of notes) console.log(note);
    return { cells, failures, officialToo };
  }

  /** Only with a reason that is known, and, where official nodes were tried, when they failed this time as well. */
  #failsOfficially(key: string): boolean {
    const isKnown = this.#facts.get(key)?.official !== undefined;
    return isKnown && this.#rows.get(key)?.get(officialPlace)?.isGood !== true;
  }

  #excuse(key: string, isOfficial: boolean): string {
    return isOfficial
      ? ` (official nodes among themselves: ${this.#facts.get(key)?.official})`
      : '';
  }

  #rank(key: string): number {
    return this.#order.indexOf(key.split(':')[0]!);
  }
}

/** How a place is called: the nodes that are Overspan. */
export function placeName(place: string): string {
  return place === officialPlace ? 'official' : place;
}

function text(cell: Cell, isOfficial: boolean): string {
  if (cell.isGood) return cell.text;
  return isOfficial ? 'official too' : 'FAIL';
}

function reason(error: unknown): string {
  if (error instanceof Failure) return error.message;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return message.split('\n').slice(0, 3).join(' ');
}

/** Columns of a width each. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
