import { expect, it } from 'vitest';

import { redactedJson } from './redact.ts';

it('keeps which addresses are the same, and nothing else of them', () => {
  const text = redactedJson({
    a: '192.0.2.7/9993',
    b: ['fd77::1/9993', '192.0.2.7', '2001:db8:0:1:2:3:4:5'],
    identity: `1a2b3c4d5e:0:${'ab'.repeat(64)}`,
    at: '2026-11-29 04:00 UTC',
    version: '1.14.1',
  });
  expect(JSON.parse(text)).toEqual({
    a: 'ipv4-1/9993',
    b: ['ipv6-2/9993', 'ipv4-1', 'ipv6-3'],
    identity: '1a2b3c4d5e:0:[key]',
    at: '2026-11-29 04:00 UTC',
    version: '1.14.1',
  });
});
