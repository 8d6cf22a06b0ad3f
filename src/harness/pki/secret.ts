/** A value that must not be printed: a private key, the secret of an invitation. */
import { inspect } from 'node:util';

/** Holds a secret. However it is printed or serialised, `[redacted]` appears; {@link reveal} is the only way out. */
export class Secret<T extends string | Uint8Array> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The secret itself: for the call that needs it, never for a variable that lives on. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [inspect.custom](): string {
    return '[redacted]';
  }
}
