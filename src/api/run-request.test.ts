import { describe, expect, it } from 'vitest';

import { compareDefaults, runLine, runProblems, runRequestOf, runWords } from './run-request.ts';
import type { CharacterizeRequest, CompareRequest } from './schema/run.ts';

const usual: CompareRequest = {
  ...compareDefaults,
  paths: [
    { label: 'direct', target: '192.0.2.7' },
    { label: 'overlay', target: '10.147.17.9:8443' },
  ],
};
const codes = (change: Partial<CompareRequest>): string[] =>
  runProblems({ ...usual, ...change }).map(({ field, code, at }) => `${field} ${code} ${at}`);

describe('a request for a run', () => {
  it('is right as the page begins, and names each field that is not', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ paths: usual.paths.slice(1) })).toEqual(['paths too-few null']);
    expect(codes({ rounds: 1.5, timeS: NaN, sizeBytes: -1, intervalS: Infinity })).toEqual([
      'rounds number null',
      'timeS number null',
      'sizeBytes number null',
      'intervalS number null',
    ]);
    expect(codes({ requestsPerVisit: 0 })).toEqual(['requestsPerVisit number null']);
    expect(codes({ invitation: 'ovs1_abc-DEF' })).toEqual([]);
    expect(codes({ invitation: '--home' + '\n' })).toEqual(['invitation invitation null']);
  });

  it('has paths that no program takes for anything else', () => {
    const at = (label: string, target: string): string[] =>
      codes({ paths: [usual.paths[0]!, { label, target }] });
    for (const target of [
      'a.example',
      'a.example:1',
      '[2001:db8::1]:443',
      '2001:db8::1',
      'fe80::1%eth0',
    ])
      expect(at('x', target), target).toEqual([]);
    for (const target of ['', '-x', 'a b', 'a:0', 'a:65536', '[::1', 'a/b', 'a;b', '$(a)', 'a\n'])
      expect(at('x', target), target).toEqual(['paths target 1']);
    for (const label of ['', '--home', 'a=b', 'x'.repeat(33), 'a\nb', '<b>'])
      expect(at(label, '192.0.2.1'), label).toEqual(['paths label 1']);
    expect(at('direct', '192.0.2.1')).toEqual(['paths label-twice 1']);
  });

  it('is read from JSON with what is usual filled in, and not at all where a type is another', () => {
    expect(runRequestOf({ kind: 'compare', paths: usual.paths })).toEqual(usual);
    expect(runRequestOf({ kind: 'compare', paths: usual.paths, other: 1, rounds: 7 })).toEqual({
      ...usual,
      rounds: 7,
    });
    for (const value of [
      null,
      'text',
      [],
      {},
      { paths: usual.paths },
      { kind: 'other', paths: usual.paths },
      { kind: 'compare', paths: Array(7).fill(usual.paths[0]) },
      { kind: 'compare', paths: [{ label: 1, target: 'x' }] },
      { kind: 'compare', paths: usual.paths, calibrates: 'no' },
      { kind: 'compare', paths: usual.paths, invitation: 5 },
      { kind: 'characterize', engines: Array(9).fill('direct') },
    ])
      expect(runRequestOf(value), JSON.stringify(value)).toBeNull();
  });

  it('is a command that one can type, without what is usual anyway', () => {
    expect(runWords(usual)).toEqual(['compare', 'direct=192.0.2.7', 'overlay=10.147.17.9:8443']);
    const other = {
      ...usual,
      rounds: 5,
      requestsPerVisit: 9,
      calibrates: false,
      invitation: 'ovs1_x',
    };
    expect(runWords(other).slice(3)).toEqual([
      '--rounds',
      '5',
      '--requests',
      '9',
      '--no-calibrate',
    ]);
    const [first] = usual.paths;
    const spaced = { ...usual, paths: [{ ...first!, label: 'the link' }, usual.paths[1]!] };
    expect(runLine(spaced, 'ovs1_x')).toBe(
      "overspan compare 'the link=192.0.2.7' overlay=10.147.17.9:8443 --invite ovs1_x",
    );
  });
});

describe('a request for a lab', () => {
  const inLab: CharacterizeRequest = {
    ...{ kind: 'characterize', engines: ['direct', 'wireguard-go'] },
    ...{ rounds: 40, timeS: 30, requestsPerVisit: null, sizeBytes: 64 },
  };
  const problems = (change: Partial<CharacterizeRequest>): string[] =>
    runProblems({ ...inLab, ...change }).map(({ field, code, at }) => `${field} ${code} ${at}`);

  it('has two overlays or more, by names that no program takes for anything else', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ engines: ['direct', 'direct'] })).toEqual(['engines too-few null']);
    for (const name of ['', '--home', 'a,b', 'a b', 'A', 'all?'])
      expect(problems({ engines: ['direct', name] }), name).toEqual(['engines label 1']);
    expect(problems({ sizeBytes: 1.5 })).toEqual(['sizeBytes number null']);
  });

  it('is read from JSON, and is a command that one can type', () => {
    const { kind, engines } = inLab;
    expect(runRequestOf({ kind, engines, intervalS: 5 })).toEqual(inLab);
    expect(runLine(inLab, null)).toBe('overspan characterize --engine direct,wireguard-go');
    expect(runWords({ ...inLab, timeS: 60, requestsPerVisit: 9 }).slice(3)).toEqual([
      ...['--time', '60', '--requests', '9'],
    ]);
  });
});
