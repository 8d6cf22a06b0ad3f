/** Settings of a record, as a reader of the report sees them. */
import { expect, it } from 'vitest';

import { settingsInWords } from './settings-words.ts';

it('are names in words, and values with their units', () => {
  expect(
    settingsInWords({
      probe: 'tls-rr',
      requestBytes: 65_536,
      requestsPerVisit: 12_000,
      visitNs: null,
      intervalNs: 0,
      timeoutNs: 2_000_000_000,
      stepNs: 5_500_000,
      nagle: false,
      paths: [
        { label: 'direct', host: '192.0.2.7', port: 8443 },
        { label: 'overlay', host: '10.147.17.9', port: 8443 },
      ],
    }),
  ).toEqual([
    ['probe', 'tls-rr'],
    ['request', '65\u202f536 B'],
    ['requests per visit', '12\u202f000'],
    ['visit', 'none'],
    ['interval', '0 s'],
    ['timeout', '2 s'],
    ['step', '5.5 ms'],
    ['nagle', 'no'],
    ['paths', 'direct at 192.0.2.7:8443, overlay at 10.147.17.9:8443'],
  ]);
});

it('are shown whatever they are', () => {
  expect(
    settingsInWords({
      many: [],
      words: ['a', 'b'],
      other: { b: 1 },
      mixed: [{ b: 1 }, 2],
      longNs: 10_000_000_000,
    }),
  ).toEqual([
    ['many', 'none'],
    ['words', 'a, b'],
    ['other', '{"b":1}'],
    ['mixed', '{"b":1}, 2'],
    ['long', '10 s'],
  ]);
});
