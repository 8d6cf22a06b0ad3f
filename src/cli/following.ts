/** A client of a service that may be away, and come back on another port or with another token. */
import { errorCode } from '../base/errors.ts';

/** Nothing was done, and where the service is should be looked up again. */
const goneCodes: readonly unknown[] = [
  'DAEMON_NOT_RUNNING',
  'API_TOKEN_REFUSED',
  'CENTRAL_TOKEN_REFUSED',
];

/**
 * Stands for a client that is made when it is first asked something, and made again after the service was gone.
 *
 * @param make - looks up where the service is now
 * @returns all methods of the client, each of which must return a promise
 */
export function following<T extends object>(make: () => Promise<T>): T {
  let made: Promise<T> | null = null;
  const ask = async (name: string | symbol, words: unknown[]): Promise<unknown> => {
    const mine = (made ??= make());
    const forget = (): void => {
      if (made === mine) made = null;
    };
    mine.catch(forget);
    const client = await mine;
    try {
      return await (Reflect.get(client, name) as Method).apply(client, words);
    } catch (error) {
      if (goneCodes.includes(errorCode(error))) forget();
      throw error;
    }
  };
  return new Proxy({} as T, {
    get: (_, name) =>
      // What has this is waited for.
      name === 'then' ? undefined : (...words: unknown[]) => ask(name, words),
  });
}

type Method = (...words: unknown[]) => Promise<unknown>;
