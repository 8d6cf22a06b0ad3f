/**
 * The loop between a node and the world: one input, then drain. Whatever comes (datagrams, frames, the timer, an answer
 * of the thread of identities, a command) is handed to the node with the time; then what the node wants is done:
 * datagrams sent, frames written, events told, identities checked, and one timer armed for what is due next.
 *
 * Nothing here is asynchronous but the checks of identities, and nothing throws for what the network sent.
 */
import { nsPerMs, type Clock } from '../base/clock.ts';
import { assert } from '../base/errors.ts';
import type { NodeEvent } from '../core/events.ts';
import type { Node } from '../core/node.ts';
import type { DatagramBatch, FrameBatch, Now } from '../core/ports.ts';
import type { Identity } from '../wire/identity.ts';

/** What the loop connects the node to. */
export interface DriveOptions {
  readonly node: Node;
  readonly clock: Clock;
  /** Sends [0, count) of a batch, borrowed for the call. */
  readonly send: (batch: DatagramBatch) => void;
  /** Writes [0, count) of a batch to the taps of their networks, borrowed for the call. */
  readonly write: (batch: FrameBatch) => void;
  /** Told of each event. What it wants of the node it does through {@link Drive.run}, which is then done next. */
  readonly onEvent: (event: NodeEvent) => void;
  /** Whether the address of an identity follows from its key; rejects where that could not be found out. */
  readonly validate: (identity: Identity) => Promise<boolean>;
  /** Told where a check failed. */
  readonly onValidationError: (error: unknown) => void;
}

/** Identities that are checked or wait for the thread at a time; more stay with the node. */
export const validationsMax = 16;
/** The longest time of a timer; what is due later is looked at again then. */
const timerMsMax = 60_000;

/** Drives one node. */
export class Drive {
  readonly #options: DriveOptions;
  readonly #inputs: ((now: Now) => void)[] = [];
  #isRunning = false;
  #isClosed = false;
  #validations = 0;
  #timer: NodeJS.Timeout | null = null;
  /** What the timer is armed for, `monoMs`. */
  #armedMs = Infinity;

  constructor(options: DriveOptions) {
    this.#options = options;
  }

  /** Both clocks at this moment. */
  now(): Now {
    const { clock } = this.#options;
    return { monoMs: clock.nowNs() / nsPerMs, wallMs: clock.wallMs() };
  }

  readonly handleDatagrams = (batch: DatagramBatch): void => {
    this.run((now) => {
      this.#options.node.handleDatagrams(now, batch);
    });
  };

  readonly handleFrames = (batch: FrameBatch): void => {
    this.run((now) => {
      this.#options.node.handleFrames(now, batch);
    });
  };

  /**
   * Makes one mutation of the node and drains it. Inside another one it is done after that one is drained. After
   * {@link close} nothing happens.
   */
  run(input: (now: Now) => void): void {
    if (this.#isClosed) return;
    if (this.#isRunning) {
      this.#inputs.push(input);
      return;
    }
    this.#isRunning = true;
    try {
      let next: ((now: Now) => void) | undefined = input;
      while (next !== undefined) {
        next(this.now());
        this.#drain();
        next = this.#inputs.shift();
      }
    } finally {
      this.#isRunning = false;
    }
    this.#arm();
  }

  /**
   * {@link run} with a result: for commands from outside, never from within an input or an event.
   *
   * @throws what the command throws; the node is drained all the same
   */
  command<T>(body: (now: Now) => T): T {
    assert(!this.#isRunning, 'a command comes from outside');
    let outcome: { readonly value: T } | { readonly error: unknown } | null = null;
    this.run((now) => {
      try {
        outcome = { value: body(now) };
      } catch (error) {
        outcome = { error };
      }
    });
    return resultOf(outcome);
  }

  /** Nothing is handed to the node any more. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#inputs.length = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #drain(): void {
    const { node, send, write, onEvent } = this.#options;
    const { datagrams, frames } = node;
    if (datagrams.count > 0) {
      send(datagrams);
      datagrams.clear();
    }
    if (frames.count > 0) {
      write(frames);
      frames.clear();
    }
    for (const event of node.takeEvents()) onEvent(event);
    while (this.#validations < validationsMax) {
      const identity = node.takeValidation();
      if (identity === null) break;
      void this.#validate(identity);
    }
  }

  async #validate(identity: Identity): Promise<void> {
    const { node, validate, onValidationError } = this.#options;
    this.#validations++;
    let isValid = false;
    try {
      isValid = await validate(identity);
    } catch (error) {
      // What could not be checked is not believed; whoever it is will say HELLO again.
      if (!this.#isClosed) onValidationError(error);
    }
    this.#validations--;
    this.run((now) => {
      node.handleValidation(now, identity, isValid);
    });
  }

  /** Arms the timer for what is due next, unless it is armed for that or earlier: then it is armed again when it rings. */
  #arm(): void {
    if (this.#isClosed) return;
    const now = this.now();
    const nextMs = this.#options.node.nextTimeoutMs();
    if (this.#timer !== null && this.#armedMs <= nextMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (nextMs === Infinity) return;
    const waitMs = Math.min(Math.max(0, nextMs - now.monoMs), timerMsMax);
    this.#armedMs = nextMs;
    // A timer of Node rings up to a millisecond early.
    this.#timer = setTimeout(this.#ring, Math.ceil(waitMs));
  }

  readonly #ring = (): void => {
    this.#timer = null;
    const { node } = this.#options;
    const now = this.now();
    if (node.nextTimeoutMs() > now.monoMs) {
      this.#arm();
      return;
    }
    this.run((now) => {
      node.handleTimeout(now);
    });
  };
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

function resultOf<T>(outcome: Outcome<T> | null): T {
  assert(outcome !== null, 'the loop runs until it is closed');
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
