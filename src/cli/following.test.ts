/** A client that follows its service. */
import { expect, it } from 'vitest';

import { apiError } from '../api/errors.ts';
import { following } from './following.ts';

const gone = apiError('DAEMON_NOT_RUNNING', 'gone', { remedy: 'none' });

interface Numbered {
  answer(error?: Error): Promise<number>;
}

/** Makes clients, each of which says how many were made before it, or throws. */
class Maker {
  made = 0;
  fails: Error | null = null;
  readonly client = following(() => this.#make());

  #make(): Promise<Numbered> {
    const number = this.made++;
    if (this.fails !== null) return Promise.reject(this.fails);
    return Promise.resolve({
      answer: (error) => (error === undefined ? Promise.resolve(number) : Promise.reject(error)),
    });
  }
}

it('is made once for all who ask at the same time', async () => {
  const maker = new Maker();
  const { client } = maker;
  expect(await Promise.all([client.answer(), client.answer()])).toEqual([0, 0]);
  expect(maker.made).toBe(1);
});

it('is made again after the service was gone, and not for what else went wrong', async () => {
  const { client } = new Maker();
  await expect(client.answer(new Error('no'))).rejects.toThrow('no');
  expect(await client.answer()).toBe(0);
  const both = [client.answer(gone), client.answer(gone)];
  for (const each of both) await expect(each).rejects.toBe(gone);
  expect(await client.answer()).toBe(1);
});

it('is made again where it could not be made', async () => {
  const maker = new Maker();
  maker.fails = gone;
  await expect(maker.client.answer()).rejects.toBe(gone);
  maker.fails = null;
  expect(await maker.client.answer()).toBe(1);
});
