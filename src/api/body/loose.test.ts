import { describe, expect, it } from 'vitest';

import { BodyObject, integerOf } from './loose.ts';

const body = (value: unknown): BodyObject => new BodyObject({ key: value }, 'it');

describe('a value of a body', () => {
  it('is a boolean where the official service takes it for one', () => {
    for (const value of [true, 1, 0.5, 'true', 'True', '1', 'tomorrow'])
      expect(body(value).boolean('key', false), String(value)).toBe(true);
    for (const value of [false, 0, -1, 'yes', 'false', '', '0'])
      expect(body(value).boolean('key', true), String(value)).toBe(false);
  });

  it('is a whole number where the official service takes it for one', () => {
    for (const [value, number] of [
      ...[[16, 16] as const, ['16', 16] as const, [16.9, 16] as const, [true, 1] as const],
      ...[[false, 0] as const, [-3, -3] as const, ['007', 7] as const],
    ])
      expect(body(value).integer('key', 0), String(value)).toBe(number);
    for (const value of [
      '',
      'x',
      '1e3',
      '0x10',
      '-',
      ' ',
      '9'.repeat(17),
      [],
      {},
      2 ** 53,
      Infinity,
    ])
      expect(() => body(value).integer('key', 0), JSON.stringify(value)).toThrow(
        'is no whole number',
      );
  });

  it('is what it is without one where it is null, and undefined where it is not there', () => {
    expect(body(null).boolean('key', true)).toBe(true);
    expect(body(null).integer('key', 7)).toBe(7);
    expect(body(null).text('key', 'x')).toBe('x');
    expect(body(null).list('key', integerOf)).toEqual([]);
    expect(body(null).address('key')).toBeNull();
    expect(body(5).boolean('other', true)).toBeUndefined();
    expect(body(5).list('other', integerOf)).toBeUndefined();
    // Of the object itself alone, not of what every object has.
    expect(body(5).value('constructor')).toBeUndefined();
    expect(body(5).text('toString', '')).toBeUndefined();
  });

  it('is named in the error where it cannot be read', () => {
    expect(() => body([1, 'x']).list('key', integerOf)).toThrow(
      expect.objectContaining({
        code: 'API_BODY_INVALID',
        message: 'key of it at 1 is no whole number: "x"',
      }) as Error,
    );
    expect(() => body('x'.repeat(500)).integer('key', 0)).toThrow(/^.{0,120}…$/);
  });
});
