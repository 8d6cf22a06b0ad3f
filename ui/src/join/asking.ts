/** What is known of an invitation after each answer, and when it is asked for again. */
import type { InvitationV1 } from '../../../src/api/schema/v1.ts';

/** An invitation, and whether its network has roots of its own. */
export type KnownInvitation = InvitationV1 & { readonly hasPlanet: boolean };

/** What is known; a problem in words; `away`: the server has not answered yet. */
export type InvitationState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'away' }
  | { readonly kind: 'known'; readonly invitation: KnownInvitation }
  | { readonly kind: 'problem'; readonly message: string; readonly remedy: string };

/** How far the asking is. */
export interface Asking {
  readonly state: InvitationState;
  /** Until it is asked again, ms; null: no more, it would be answered the same. */
  readonly pauseMs: number | null;
}

/** What came of asking; null: no answer. */
export type Answer = { readonly status: number; readonly body: unknown } | null;

/** How often it is asked for where nothing is in the way, and at least, ms. */
const everyMs = 1_000;
const pauseMsMax = 60_000;

/** Before the first answer. */
export const asking: Asking = { state: { kind: 'loading' }, pauseMs: everyMs };

/** What follows from an answer. @param before - all that followed from those before it */
export function after({ state, pauseMs }: Asking, answer: Answer): Asking {
  if (answer === null)
    // What was known is shown meanwhile.
    return { state: state.kind === 'loading' ? { kind: 'away' } : state, pauseMs: everyMs };
  const { status, body } = answer;
  if (status === 429) return { state, pauseMs: Math.min(2 * (pauseMs ?? everyMs), pauseMsMax) };
  if (status < 400)
    return { state: { kind: 'known', invitation: body as KnownInvitation }, pauseMs: everyMs };
  const { detail, remedy } = body as { detail: string; remedy: string };
  // With 409, as with 500 and above, the service may have been in no state to answer.
  const isFinal = status < 500 && status !== 409;
  return {
    state: { kind: 'problem', message: detail, remedy },
    pauseMs: isFinal ? null : everyMs,
  };
}
