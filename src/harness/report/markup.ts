/**
 * Text into HTML, escaped by construction: only what the `html` tag made is markup, every other string is text.
 */
import { escapeText } from '../../base/escape.ts';

/** Markup that is safe to put into a page. */
export class Html {
  readonly #markup: string;

  /** @param markup - trusted: made here, or serialised by a DOM that escapes */
  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

/** What may stand in a hole of a template; null and undefined leave it empty. */
export type Hole = Html | string | number | null | undefined | readonly Hole[];

/** Makes markup of a template whose strings are trusted and whose holes are escaped. */
export function html(strings: TemplateStringsArray, ...holes: readonly Hole[]): Html {
  let markup = strings[0] ?? '';
  for (const [i, hole] of holes.entries()) markup += fill(hole) + (strings[i + 1] ?? '');
  return new Html(markup);
}

function fill(hole: Hole): string {
  if (hole === null || hole === undefined) return '';
  if (hole instanceof Html) return hole.toString();
  if (typeof hole === 'number') return String(hole);
  if (typeof hole === 'string') return escapeMarkup(hole);
  return hole.map(fill).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** One line of text as HTML: controls and overrides of direction shown as such, and nothing that is markup. */
export function escapeMarkup(text: string): string {
  return escapeText(text, 4_096).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
