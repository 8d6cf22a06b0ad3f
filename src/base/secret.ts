/** A value that must not be printed: a private key, the secret of an invitation. */

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

  /** Overwrites the bytes of a secret that is no longer needed; text cannot be. */
  wipe(): void {
    if (this.#value instanceof Uint8Array) this.#value.fill(0);
  }
}

// What Node's `util.inspect` calls; a registered symbol, so that no module of Node is needed.
Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value: () => '[redacted]',
});
