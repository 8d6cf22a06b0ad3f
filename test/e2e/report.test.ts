/** `overspan report`, as a person types it, on a synthetic record. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { runOverspan, type Ended } from '../programs/program.ts';
import { syntheticBytes } from '../synthetic/record.ts';

const folder = mkdtempSync(join(tmpdir(), 'overspan report '));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = join(folder, 'run.ndjson');
const other = join(folder, 'other.ndjson');
const torn = join(folder, 'torn.ndjson');
const bytes = syntheticBytes();
writeFileSync(run, bytes);
writeFileSync(other, syntheticBytes({ seed: 'another' }));
writeFileSync(torn, bytes.subarray(0, Math.floor(bytes.length * 0.7)));

const report = (...words: readonly string[]): Ended => runOverspan(['report', ...words]);

describe('overspan report', () => {
  it('prints text without a file', () => {
    const { code, stdout, stderr } = report(run);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^tls-rr 64 B, 12 rounds, 600 requests a path, lost 0\npath +p50 µs/);
    expect(stdout).toMatch(/^overlay costs \+\d+ µs /m);
  });

  it('writes a page once, and again when it is told to', () => {
    const page = join(folder, 'page.html');
    expect(report(run, other, '-o', page)).toMatchObject({ code: 0, stdout: '' });
    const first = readFileSync(page, 'utf8');
    expect(first.match(/<section /g)).toHaveLength(2);
    expect(first.startsWith('<!doctype html>')).toBe(true);

    const refused = report(run, '-o', page);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^REPORT_FILE_EXISTS: .*\nremedy: .*--force/);
    expect(readFileSync(page, 'utf8')).toBe(first);

    expect(report(run, '-o', page, '--force').code).toBe(0);
    expect(readFileSync(page, 'utf8').match(/<section /g)).toHaveLength(1);
  });

  it('takes the format from the ending, and from --format before that', () => {
    const csv = join(folder, 'samples.csv');
    expect(report(run, '-o', csv).code).toBe(0);
    expect(readFileSync(csv, 'utf8').split('\r\n')).toHaveLength(1 + 16 * 50 + 24 * 50 + 1);
    const odd = join(folder, 'odd.ending');
    expect(report(run, '-o', odd)).toMatchObject({ code: 2 });
    expect(report(run, '-o', odd, '--format', 'md').code).toBe(0);
    expect(readFileSync(odd, 'utf8')).toMatch(/^## overlay costs /);
    expect(report(run, '--format', 'poem').stderr).toMatch(/^REPORT_FORMAT_UNKNOWN: /);
  });

  it('prints the analysis as JSON', () => {
    for (const words of [['--json'], ['--format', 'json']]) {
      const { stdout } = report(run, ...words);
      expect(JSON.parse(stdout)).toMatchObject({ format: 'overspan-analysis', version: 1 });
    }
  });

  it('reports what a killed run has measured', () => {
    const { code, stdout } = report(torn);
    expect(code).toBe(0);
    expect(stdout).toMatch(/of 12 rounds/);
    expect(stdout).toMatch(/^warning: the record has no end/m);
    expect(stdout).toMatch(/^warning: the last \d+ bytes of the record are a line cut short/m);
  });

  it('refuses what is no record by name', () => {
    const text = join(folder, 'notes.ndjson');
    writeFileSync(text, 'hello\n');
    expect(report(text)).toMatchObject({ code: 1, stdout: '' });
    expect(report(text).stderr).toMatch(/^RECORD_NOT_ONE: .*\nremedy: /);
    expect(report(join(folder, 'nowhere'))).toMatchObject({ code: 4 });
  });
});
