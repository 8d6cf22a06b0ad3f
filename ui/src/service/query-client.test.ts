/** Without a network, loopback is still there. */
import { onlineManager } from '@tanstack/react-query';
import { afterEach, expect, it } from 'vitest';

import { queryClient } from './query-client.ts';

afterEach(() => {
  onlineManager.setOnline(true);
});

it('asks and changes though the browser says that it is offline', async () => {
  onlineManager.setOnline(false);
  const queries = queryClient();
  const asked = queries.query({ queryKey: ['x'], queryFn: () => 'answer' });
  const change = queries.getMutationCache().build(queries, {
    mutationFn: () => Promise.resolve('changed'),
  });
  const never = new Promise((resolve) => setTimeout(resolve, 1_000, 'paused'));
  expect(await Promise.race([asked, never])).toBe('answer');
  expect(await Promise.race([change.execute(undefined), never])).toBe('changed');
  queries.clear();
});
