/** A stream of events is read however it is cut, and opened again from where it was. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { followEvents, type StreamEvent, type Visibility } from './event-stream.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** One that a test writes. */
function stream(): {
  readonly response: Response;
  readonly write: (bytes: Uint8Array) => void;
  readonly end: () => void;
} {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  return {
    response: new Response(body),
    write: (bytes) => {
      controller.enqueue(bytes);
    },
    end: () => {
      controller.close();
    },
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const inFront: Visibility = { isHidden: () => false, onChange: () => () => undefined };

/** Follows, and keeps what it is told. */
function followed(
  open: Parameters<typeof followEvents>[0]['open'],
  visibility = inFront,
): {
  readonly told: unknown[];
  readonly stop: () => void;
} {
  const told: unknown[] = [];
  const stop = followEvents(
    {
      open,
      onOpen: (wasAway) => told.push(wasAway ? 'again' : 'open'),
      onAway: () => told.push('away'),
      onEvent: (event: StreamEvent) => told.push(event),
    },
    visibility,
  );
  return { told, stop };
}

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

it('gives the events of it, wherever it is cut', async () => {
  const text =
    ': listening\n\nid: 1\nevent: member\ndata: {"name":"é: 1"}\n\n: alive\n\ndata: 2\n\n';
  const events = [
    { kind: 'member', data: { name: 'é: 1' } },
    { kind: 'message', data: 2 },
  ];
  for (let size = 1; size < bytesOf(text).length; size++) {
    const { response, write } = stream();
    const { told, stop } = followed(() => Promise.resolve(response));
    const bytes = bytesOf(text);
    for (let at = 0; at < bytes.length; at += size) write(bytes.slice(at, at + size));
    await settle();
    expect(told).toEqual(['open', ...events]);
    stop();
  }
});

it('opens it again from the last event on, later each time that it fails', async () => {
  const [first, second] = [stream(), stream()];
  const asked: unknown[] = [];
  const answers = [first.response, new Response('', { status: 401 }), null, second.response];
  const { told, stop } = followed(({ headers }) => {
    asked.push(headers);
    const answer = answers.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError('no answer'));
  });
  await settle();
  first.write(bytesOf('id: 7\nevent: run\ndata: 1\n\n'));
  await settle();
  first.end();
  await settle();
  expect(told.splice(0)).toEqual(['open', { kind: 'run', data: 1 }, 'away']);
  await vi.advanceTimersByTimeAsync(500);
  await vi.advanceTimersByTimeAsync(999);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual(['away', 'away', 'again']);
  const from = { 'Last-Event-ID': '7' };
  expect(asked).toEqual([{}, from, from, from]);
  stop();
});

it('ends with who listens', async () => {
  const { response } = stream();
  let given: AbortSignal | undefined;
  const { told, stop } = followed(({ signal }) => {
    given = signal;
    return Promise.resolve(response);
  });
  await settle();
  stop();
  expect(given?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(told).toEqual(['open']);
});

it('is closed while nobody looks, and goes on from there', async () => {
  const [first, second] = [stream(), stream()];
  const answers = [first.response, second.response];
  const asked: { readonly headers: object; readonly signal: AbortSignal }[] = [];
  let isHidden = true;
  let change = (): void => undefined;
  const visibility: Visibility = {
    isHidden: () => isHidden,
    onChange: (listener) => {
      change = listener;
      return () => {
        change = () => undefined;
      };
    },
  };
  const { told, stop } = followed((init) => {
    asked.push(init);
    return Promise.resolve(answers.shift()!);
  }, visibility);
  const look = async (does: boolean): Promise<void> => {
    isHidden = !does;
    change();
    await vi.advanceTimersByTimeAsync(60_000);
  };
  await look(false);
  expect(asked).toHaveLength(0);
  await look(true);
  first.write(bytesOf('id: 3\ndata: 1\n\n'));
  await settle();
  await look(false);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true]);
  await look(true);
  await look(true);
  expect(asked.map(({ headers }) => headers)).toEqual([{}, { 'Last-Event-ID': '3' }]);
  expect(told).toEqual(['open', { kind: 'message', data: 1 }, 'again']);
  stop();
  await look(false);
  await look(true);
  expect(asked).toHaveLength(2);
});
