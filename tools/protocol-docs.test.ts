import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { wireCodecs } from '../src/wire/registry.ts';
import { verbs } from '../src/wire/verbs/index.ts';
import { protocolDocs } from './protocol-docs.ts';

it('docs/protocol/messages.md is what the layouts say: run `npm run docs`', () => {
  expect(readFileSync('docs/protocol/messages.md', 'utf8')).toBe(protocolDocs());
});

describe('the layouts', () => {
  it('name each field once, but those without a meaning', () => {
    for (const codec of [...wireCodecs, ...verbs]) {
      const names = codec.layout.map(({ name }) => name).filter((name) => name !== 'unused');
      expect(new Set(names).size, codec.name).toBe(names.length);
    }
  });

  it('belong to codecs with names of their own', () => {
    const names = [...wireCodecs, ...verbs].map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
