/**
 * Who is signed in to the page. A session has two secrets: its id, which the browser keeps in a cookie that no script reads, and a
 * second one, which the page shows with every request that changes something. Cookies of loopback go to every port of the machine,
 * so the first alone is worth nothing.
 *
 * Sessions are in memory: they end with the process.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

import type { Secret } from '../base/secret.ts';

/** Sessions at the same time; one more ends the one that was unused for longest. */
export const sessionsMax = 64;
/** How long a session stays that nobody uses. */
export const sessionIdleMs = 12 * 3_600_000;

/** One that is open. */
export interface Session {
  readonly id: string;
  /** What a request shows that changes something. */
  readonly proof: string;
  /** What it acts with; null: services have tokens of their own. */
  readonly credential: Secret<string> | null;
  /** Aborted when it ends: streams of events end with it. */
  readonly ended: AbortSignal;
}

/** All that are open. */
export class Sessions {
  /** By id, from the one that was unused for longest on. */
  readonly #open = new Map<string, { session: Session; usedAtMs: number; end: () => void }>();

  /** Opens one. @param nowMs - monotonic */
  open(nowMs: number, credential: Secret<string> | null): Session {
    if (this.#open.size >= sessionsMax) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.close(oldest);
    }
    const controller = new AbortController();
    const session: Session = {
      id: randomBytes(32).toString('hex'),
      proof: randomBytes(32).toString('hex'),
      credential,
      ended: controller.signal,
    };
    const end = (): void => {
      controller.abort();
    };
    this.#open.set(session.id, { session, usedAtMs: nowMs, end });
    return session;
  }

  /** The session of an id, which is used with it. Null: there is none. */
  use(nowMs: number, id: string): Session | null {
    const found = this.#open.get(id);
    if (found === undefined) return null;
    if (nowMs - found.usedAtMs > sessionIdleMs) {
      this.close(id);
      return null;
    }
    found.usedAtMs = nowMs;
    this.#open.delete(id);
    this.#open.set(id, found);
    return found.session;
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

/** Whether a text is the second secret of a session. */
export function isProof(text: string, { proof }: Session): boolean {
  const [given, own] = [Buffer.from(text), Buffer.from(proof)];
  return given.length === own.length && timingSafeEqual(given, own);
}
