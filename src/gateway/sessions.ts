/**
 * Who is signed in to the page. A session has two secrets: its id, which the browser keeps in a cookie that no script reads, and a
 * proof, which is told once, when it is opened, and which the page shows with every request. Cookies of loopback go to every port
 * of the machine, whoever listens there, so the first alone is worth nothing, not even to read.
 *
 * A frame and a download show no header: for them the page gets tickets, each for one path and one time.
 *
 * Sessions are in memory: they end with the process.
 */
import { randomBytes } from 'node:crypto';

import { Secret } from '../base/secret.ts';
import { isToken } from '../http/token.ts';

/** Sessions at the same time; one more ends the one that was unused for longest. */
export const sessionsMax = 64;
/** How long a session stays that nobody uses. */
export const sessionIdleMs = 12 * 3_600_000;
/** Tickets of a session at the same time; one more ends the oldest. */
export const ticketsMax = 16;
/** How long a ticket may wait for being used. */
export const ticketMs = 30_000;

/** One that is open. */
export interface Session {
  readonly id: string;
  /** What it acts with; null: services have tokens of their own. */
  readonly credential: Secret<string> | null;
  /** Aborted when it ends: streams of events end with it. */
  readonly ended: AbortSignal;
}

/** What the page shows that it is this session's: its proof, or a ticket for a path. */
export type Shown = { readonly proof: string } | { readonly ticket: string; readonly path: string };

interface Open {
  readonly session: Session;
  readonly proof: Secret<string>;
  /** From the oldest on. */
  readonly tickets: Map<string, { readonly path: string; readonly untilMs: number }>;
  usedAtMs: number;
  readonly end: () => void;
}

/** All that are open. */
export class Sessions {
  /** By id, from the one that was unused for longest on. */
  readonly #open = new Map<string, Open>();

  /** Opens one. @param nowMs - monotonic */
  open(
    nowMs: number,
    credential: Secret<string> | null,
  ): { readonly session: Session; readonly proof: Secret<string> } {
    if (this.#open.size >= sessionsMax) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.close(oldest);
    }
    const controller = new AbortController();
    const [id, proof] = [randomSecret(), new Secret(randomSecret())];
    const session: Session = { id, credential, ended: controller.signal };
    const end = (): void => {
      controller.abort();
    };
    this.#open.set(id, { session, proof, tickets: new Map(), usedAtMs: nowMs, end });
    return { session, proof };
  }

  /** The session of an id for who shows what belongs to it, which is used with it. Null: there is none. */
  use(nowMs: number, id: string, shown: Shown): Session | null {
    const found = this.#open.get(id);
    if (found === undefined) return null;
    if (nowMs - found.usedAtMs > sessionIdleMs) {
      this.close(id);
      return null;
    }
    if (!belongs(nowMs, found, shown)) return null;
    found.usedAtMs = nowMs;
    this.#open.delete(id);
    this.#open.set(id, found);
    return found.session;
  }

  /** A ticket for a path, which may be used once and soon. */
  ticket(nowMs: number, { id }: Session, path: string): string {
    const ticket = randomSecret();
    const tickets = this.#open.get(id)?.tickets;
    if (tickets === undefined) return ticket;
    if (tickets.size >= ticketsMax) {
      const [oldest] = tickets.keys();
      if (oldest !== undefined) tickets.delete(oldest);
    }
    tickets.set(ticket, { path, untilMs: nowMs + ticketMs });
    return ticket;
  }

  /** Ends one. */
  close(id: string): void {
    this.#open.get(id)?.end();
    this.#open.delete(id);
  }

  /** Ends all. */
  closeAll(): void {
    for (const id of [...this.#open.keys()]) this.close(id);
  }
}

function belongs(nowMs: number, { proof, tickets }: Open, shown: Shown): boolean {
  if ('proof' in shown) return isToken(shown.proof, proof);
  const ticket = tickets.get(shown.ticket);
  if (ticket?.path !== shown.path) return false;
  tickets.delete(shown.ticket);
  return nowMs <= ticket.untilMs;
}

function randomSecret(): string {
  return randomBytes(32).toString('hex');
}
