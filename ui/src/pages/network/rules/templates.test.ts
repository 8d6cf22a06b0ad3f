import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { checkRules } from './checked-rules.ts';
import { templates } from './templates.ts';

it.each(Object.entries(templates))(
  'the template %s compiles, and its tests hold',
  (_name, source) => {
    const { problems, warnings, tests } = checkRules(source);
    expect([...problems, ...warnings]).toEqual([]);
    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter(({ isPassed }) => !isPassed)).toEqual([]);
  },
);

it('templates but the first are the examples of the documentation', () => {
  const docs = readFileSync('docs/rules.md', 'utf8');
  const examples = [...docs.matchAll(/```rules\n([^`]*)```/g)].map(([, source]) => source);
  expect(Object.values(templates).slice(1)).toEqual(examples);
});
