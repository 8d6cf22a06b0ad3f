/**
 * A stream of events (text/event-stream) over `fetch`: what a browser has for it, `EventSource`, cannot show the proof of the
 * session. Where a stream ends it is opened again, from the last event on.
 *
 * While nobody looks it is closed: a browser has six connections to a host, for all of its tabs together.
 */

/** One event. */
export interface StreamEvent {
  readonly kind: string;
  readonly data: unknown;
}

/** Whether somebody looks at the page. */
export interface Visibility {
  readonly isHidden: () => boolean;
  /** @returns what ends it */
  readonly onChange: (listener: () => void) => () => void;
}

/** A stream, and who is told of it. */
export interface Followed {
  /** Asks for it. */
  readonly open: (init: {
    readonly headers: Readonly<Record<string, string>>;
    readonly signal: AbortSignal;
  }) => Promise<Response>;
  /** It comes. @param wasAway - it did not for a while, so that something may have been missed */
  readonly onOpen: (wasAway: boolean) => void;
  /** It could not be had, or has ended; it will be tried again. */
  readonly onAway: () => void;
  readonly onEvent: (event: StreamEvent) => void;
}

/** The first pause before a new attempt, ms; it doubles up to the second. */
const [againMs, againMsMax] = [500, 8_000];

/** Listens from now on. @returns what ends it */
export function followEvents(
  { open, onOpen, onAway, onEvent }: Followed,
  visibility: Visibility,
): () => void {
  let lastId = '';
  let wasAway = false;
  let pauseMs = againMs;
  let current: AbortController | undefined;
  const read = async (signal: AbortSignal): Promise<void> => {
    const headers: Record<string, string> = lastId === '' ? {} : { 'Last-Event-ID': lastId };
    const response = await open({ headers, signal });
    if (signal.aborted || !response.ok || response.body === null) return;
    onOpen(wasAway);
    pauseMs = againMs;
    for await (const { id, ...event } of eventsIn(response.body)) {
      if (id !== '') lastId = id;
      onEvent(event);
    }
  };
  const follow = async (signal: AbortSignal): Promise<void> => {
    // Why there is none, or no more of it, is of no use here: whoever is told that it is away may ask.
    await read(signal).catch(() => undefined);
    if (signal.aborted) return;
    wasAway = true;
    onAway();
    const waiting = setTimeout(() => void follow(signal), pauseMs);
    signal.addEventListener('abort', () => {
      clearTimeout(waiting);
    });
    pauseMs = Math.min(2 * pauseMs, againMsMax);
  };
  const change = (): void => {
    if (visibility.isHidden()) {
      if (current === undefined) return;
      current.abort();
      current = undefined;
      wasAway = true;
    } else if (current === undefined) {
      current = new AbortController();
      void follow(current.signal);
    }
  };
  change();
  const end = visibility.onChange(change);
  return () => {
    end();
    current?.abort();
  };
}

/** What stands in a stream. Our servers end lines with LF, and put what belongs to an event into one line. */
async function* eventsIn(
  bytes: ReadableStream<Uint8Array>,
): AsyncGenerator<StreamEvent & { readonly id: string }> {
  const reader = bytes.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = fieldsIn(block);
      const data = fields.get('data');
      if (data !== undefined)
        yield {
          id: fields.get('id') ?? '',
          kind: fields.get('event') ?? 'message',
          data: JSON.parse(data) as unknown,
        };
    }
  }
}

/** A line that begins with a colon says only that the stream is there. */
function fieldsIn(block: string): ReadonlyMap<string, string> {
  return new Map(
    [...block.matchAll(/^(\w+): ?(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}
