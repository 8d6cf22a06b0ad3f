/**
 * Calling functions of other libraries, through koffi. Pointers travel as numbers, so that koffi has nothing to convert,
 * pin or own; a wrong one corrupts memory, so they stay in this folder.
 *
 * Why an address may be kept. A typed array of up to 64 bytes may lie inside V8's heap, where the garbage collector
 * moves it; asking koffi for its address first moves its bytes out of the heap for good (measured on V8 11.3: the backing
 * store is external from then on), as with every larger array. So an address that was asked for stays right while the
 * array lives, and {@link ForeignMemory} holds the array whose address it remembers. A buffer that is detached later
 * leaves its arrays with length 0: who checks a range against the array's length never uses a stale address.
 */
import { createRequire } from 'node:module';

import { assert } from '../../base/errors.ts';

/** Binding functions and finding memory: what is used of koffi by who calls libraries. */
export interface ForeignFunctions {
  load(path: null): {
    func(name: string, result: string, parameters: readonly string[]): ForeignFunction;
  };
  address(bytes: Uint8Array): bigint;
}

/** What is used of koffi by who calls the system. */
export interface ForeignSystem extends ForeignFunctions {
  /** The `errno` that the last call left. */
  errno(): number;
  readonly node: {
    /**
     * Undocumented; the types of koffi 3.3.4 leave out `status`, which is negative where the descriptor cannot be
     * watched. What the callback throws is swallowed, and a handle that is collected stops silently.
     */
    poll(
      descriptor: number,
      events: { readonly readable: boolean },
      callback: (status: number) => void,
    ): PollHandle;
  };
}

/** A watch of koffi. After `close` nothing of it may be called. */
export interface PollHandle {
  close(): void;
}

/** Pointers and sizes alike are numbers. */
export type ForeignFunction = (...parameters: number[]) => number;

/** Result and parameters of functions by name. */
export type Signatures = Readonly<Record<string, readonly [string, readonly string[]]>>;

/** Loaded when first needed: it is a native module, and nothing else of ours is. @throws where it is not installed */
export function requireKoffi(): ForeignSystem {
  return createRequire(import.meta.url)('koffi') as ForeignSystem;
}

/** Binds functions that the running process has: those of the C library and of what the node binary exports. */
export function bindFunctions<S extends Signatures>(
  foreign: ForeignFunctions,
  signatures: S,
): Readonly<Record<keyof S, ForeignFunction>> {
  const library = foreign.load(null);
  const bound = Object.entries(signatures).map(([name, [result, parameters]]) => [
    name,
    library.func(name, foreignType(result), parameters.map(foreignType)),
  ]);
  return Object.fromEntries(bound) as Record<keyof S, ForeignFunction>;
}

/** Where arrays lie. */
export class ForeignMemory {
  readonly #foreign: ForeignFunctions;
  #last: Uint8Array | null = null;
  #lastAddress = 0;

  constructor(foreign: ForeignFunctions) {
    this.#foreign = foreign;
  }

  /** Where the first byte of an array lies: for as long as the array lives, see the head of this file. */
  addressOf(bytes: Uint8Array): number {
    if (bytes !== this.#last) {
      this.#lastAddress = Number(this.#foreign.address(bytes));
      assert(Number.isSafeInteger(this.#lastAddress), 'an address is an exact number');
      this.#last = bytes;
    }
    return this.#lastAddress;
  }
}

function foreignType(type: string): string {
  return type === 'pointer' ? 'uintptr_t' : type;
}
