/** The steps by which a lab is made: each is in the journal before it is done. */
import { labError } from './errors.ts';
import type { Journal, UndoAction } from './journal.ts';

/** An undo action as a step names it: whose it is, the steps know. */
export type Undo =
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'link'; readonly namespace: string; readonly link: string }
  | { readonly kind: 'processes'; readonly mark: string }
  | { readonly kind: 'directory'; readonly path: string };

/** Does one step: writes its undo to the journal, then works. */
export type Step = <T>(what: string, undo: Undo | null, work: () => Promise<T>) => Promise<T>;

export interface StepsOptions {
  /** `lab` or the name of an engine: what can be undone on its own. */
  readonly scope: string;
  readonly signal?: AbortSignal | undefined;
  /** Told of each step before it is done; what it throws fails the step. */
  readonly onStep?: ((what: string) => void) | undefined;
}

/** @returns a {@link Step} that throws LAB_INTERRUPTED once the signal is aborted */
export function stepsOf(journal: Journal, options: StepsOptions): Step {
  const { scope, signal, onStep } = options;
  return async (what, undo, work) => {
    if (signal?.aborted === true) {
      throw labError('LAB_INTERRUPTED', `stopped before: ${what}`, {
        remedy: 'run the command again',
        details: { step: what },
      });
    }
    if (undo !== null) {
      const action: UndoAction = { ...undo, scope };
      journal.update({ undo: [...journal.state.undo, action] });
    }
    onStep?.(what);
    return work();
  };
}
