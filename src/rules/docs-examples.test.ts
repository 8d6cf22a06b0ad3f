/** Every example of docs/rules.md is compiled, and what it expects is tried. */
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { checkedSource } from './checked-source.ts';
import { conditionWords } from './conditions.ts';
import { actionWords } from './actions.ts';
import { characteristicBits, etherTypeNames, ipProtocolNames } from './names.ts';

const text = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
const examples = [...text.matchAll(/^```rules\n(.*?)^```$/gms)].map(([, source]) => source ?? '');

describe('docs/rules.md', () => {
  it('has examples, most of them with expectations', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
    const tested = examples.filter((source) => /^expect /m.test(source));
    expect(tested.length).toBeGreaterThanOrEqual(4);
  });

  it.each(examples)('has an example that does what it says: %#', (source) => {
    expect(() => checkedSource(source)).not.toThrow();
  });

  it('names every action, condition and name of the language', () => {
    const names = [
      ...actionWords.keys(),
      ...conditionWords.map(({ word }) => word),
      ...characteristicBits.keys(),
      ...etherTypeNames.keys(),
      ...ipProtocolNames.keys(),
    ];
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });
});
