/** What computes the server's answers: the part of the server that is meant to be replaced. */

/** What a responder is told beside the request's bytes. */
export interface RequestContext {
  /** How long an answer our own client asks for, in bytes; null for any other client. */
  readonly replyBytes: number | null;
  /** The client's address, as the socket has it. */
  readonly remoteAddress: string;
  /** The address of ours that the client came to: which path it took, where we have several. */
  readonly localAddress: string;
  /** The common name in the client's certificate; null without one. Chosen by whoever issued it. */
  readonly clientName: string | null;
}

/** An answer: bytes, or text that is sent as UTF-8. */
export type Answer = Uint8Array | string;

/**
 * Computes the answer to one request. May take its time (a promise); the time counts as the server's processing.
 *
 * @param request - the payload, without framing; borrowed for the call, copy it to keep it
 */
export type Responder = (request: Uint8Array, context: RequestContext) => Answer | Promise<Answer>;

const helloWorld = new TextEncoder().encode('Hello, World');

/** As many bytes as our client asks for; `Hello, World` to everybody else. */
export function defaultResponder(): Responder {
  let filler = new Uint8Array(0);
  return (_request, { replyBytes }) => {
    if (replyBytes === null) return helloWorld;
    if (filler.length < replyBytes) filler = new Uint8Array(replyBytes);
    return filler.subarray(0, replyBytes);
  };
}

/** The request itself (`--echo`). */
export const echoResponder: Responder = (request) => request.slice();

/** An answer's bytes. Throws where a responder, which may be anybody's JavaScript, answered with something else. */
export function answerBytes(answer: unknown): Uint8Array {
  if (typeof answer === 'string') return new TextEncoder().encode(answer);
  if (answer instanceof Uint8Array) return answer;
  const kind = answer === null ? 'null' : typeof answer;
  throw new TypeError(`respond() returned ${kind}, not a string or a Uint8Array`);
}
