import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { putAnswer } from './put-answer.ts';

const queryKey = ['list'];
let queries: QueryClient;
/** What answers the questions, in order. */
let answers: ((text: string) => void)[];
let end: () => void;

beforeEach(() => {
  queries = new QueryClient();
  answers = [];
  const queryFn = (): Promise<string> => new Promise((resolve) => answers.push(resolve));
  end = new QueryObserver(queries, { queryKey, queryFn, retry: false }).subscribe(() => undefined);
});
afterEach(() => {
  end();
  queries.clear();
});

const put = (text: string): Promise<void> => putAnswer<string>(queries, queryKey, () => text);

it('an answer is not put away by that to an older question, which is asked again', async () => {
  await expect.poll(() => answers.length).toBe(1);
  answers[0]!('first');
  await expect.poll(() => queries.getQueryData(queryKey)).toBe('first');
  void queries.invalidateQueries({ queryKey });
  await expect.poll(() => answers.length).toBe(2);
  await put('changed');
  answers[1]!('first');
  await expect.poll(() => answers.length).toBe(3);
  expect(queries.getQueryData(queryKey)).toBe('changed');
  answers[2]!('changed, and more');
  await expect.poll(() => queries.getQueryData(queryKey)).toBe('changed, and more');
});

it('whoever waits for the first answer gets one', async () => {
  await expect.poll(() => answers.length).toBe(1);
  await putAnswer<string>(queries, queryKey, (known) => known && `${known} changed`);
  answers[0]!('older');
  await expect.poll(() => answers.length).toBe(2);
  answers[1]!('first');
  await expect.poll(() => queries.getQueryData(queryKey)).toBe('first');
});

it('an answer is there at once where nothing is under way', async () => {
  await expect.poll(() => answers.length).toBe(1);
  answers[0]!('first');
  await expect.poll(() => queries.getQueryState(queryKey)?.fetchStatus).toBe('idle');
  void put('changed');
  expect(queries.getQueryData(queryKey)).toBe('changed');
  expect(answers).toHaveLength(1);
});
