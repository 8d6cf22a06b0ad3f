/**
 * A stream of events (text/event-stream) over `fetch`: what a browser has for it, `EventSource`, cannot show the proof of the
 * session. Where a stream ends it is opened again, from the last event on.
 */

/** One event. */
export interface StreamEvent {
  readonly kind: string;
  readonly data: unknown;
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
export function followEvents({ open, onOpen, onAway, onEvent }: Followed): () => void {
  const ended = new AbortController();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let lastId = '';
  let wasAway = false;
  let pauseMs = againMs;
  const read = async (): Promise<void> => {
    const headers: Record<string, string> = lastId === '' ? {} : { 'Last-Event-ID': lastId };
    const response = await open({ headers, signal: ended.signal });
    if (!response.ok || response.body === null) return;
    onOpen(wasAway);
    pauseMs = againMs;
    for await (const { id, ...event } of eventsIn(response.body)) {
      if (id !== '') lastId = id;
      onEvent(event);
    }
  };
  const follow = async (): Promise<void> => {
    // Why there is none, or no more of it, is of no use here: whoever is told that it is away may ask.
    await read().catch(() => undefined);
    if (ended.signal.aborted) return;
    wasAway = true;
    onAway();
    waiting = setTimeout(() => void follow(), pauseMs);
    pauseMs = Math.min(2 * pauseMs, againMsMax);
  };
  void follow();
  return () => {
    ended.abort();
    clearTimeout(waiting);
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
