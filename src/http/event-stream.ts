/** A stream of events (text/event-stream), as a server writes it. */
import type { ServerResponse } from 'node:http';

/** How often a stream says that it is there, ms: what is between may close what is silent. */
const aliveMs = 15_000;
/** Bytes that a listener may be behind; it is sent away then, and comes again with the last number it has. */
export const backlogBytesMax = 1 << 20;

/** One event. */
export interface StreamedEvent {
  /** From which a listener that comes again goes on; left out where each event holds all there is. */
  readonly id?: number;
  readonly kind: string;
  readonly data: unknown;
}

/** The answer to who listens: events may be written before it is known that there is one, and are sent when it is. */
export class EventStream {
  readonly #response: ServerResponse;
  /** Null: it is open. */
  #early: string[] | null = [];

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  write({ id, kind, data }: StreamedEvent): void {
    const number = id === undefined ? '' : `id: ${id}\n`;
    const text = `${number}event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
    if (this.#early === null) this.#send(text);
    else this.#early.push(text);
  }

  /** Begins it. @param end - called once when the listener is gone, be it already */
  open(end: () => void): void {
    const response = this.#response;
    if (response.destroyed) {
      end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    const alive = setInterval(() => response.write(': alive\n\n'), aliveMs);
    alive.unref();
    response.once('close', () => {
      clearInterval(alive);
      end();
    });
    const early = this.#early ?? [];
    this.#early = null;
    for (const text of [': listening\n\n', ...early]) this.#send(text);
  }

  #send(text: string): void {
    const response = this.#response;
    response.write(text);
    if (response.writableLength > backlogBytesMax) response.destroy();
  }
}
