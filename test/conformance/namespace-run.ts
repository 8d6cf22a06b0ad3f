/**
 * Running a test file once more inside a network namespace of its own: what is called by FFI happens in the calling
 * process, so the whole runner goes in. Nothing has to be undone: the namespace ends with its last process.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';

import { spawnProcess } from '../../src/sys/process.ts';
import { kinds, needKind, type Kind } from '../lab/machine.ts';

const variable = 'OVERSPAN_TEST_INSIDE';

/** Whether this is the run inside; undefined on the outside. */
export const insideKind: Kind | undefined = kinds.find((kind) => kind === process.env[variable]);

const makers: Readonly<Record<Kind, readonly string[]>> = {
  root: ['unshare', '--net'],
  rootless: ['unshare', '--user', '--map-root-user', '--net'],
};

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * Declares, outside, one test for each kind of namespace: that this file passes in there. Its tests are those that it
 * declares where {@link insideKind} is set.
 *
 * @param file - path of the test file
 * @param refusal - why it cannot be run by this user, which skips it; null: it can
 */
export function passesInside(file: string, refusal: string | null = null): void {
  it.for(kinds)('passes in a namespace that is %s', async (kind, context) => {
    if (refusal !== null) context.skip(refusal);
    await needKind(context, kind);
    const report = await runInside(kind, file);
    const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    const failed = tests.filter(({ status }) => status === 'failed');
    expect(failed.map(({ fullName, failureMessages }) => [fullName, ...failureMessages])).toEqual(
      [],
    );
    expect(report.testResults.map(({ message }) => message).join('')).toBe('');
    expect(report.numPassedTests).toBeGreaterThan(0);
  });
}

async function runInside(kind: Kind, file: string): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), 'overspan-inside-'));
  const output = join(directory, 'report.json');
  // Its command is no export of the package.
  const manifest = createRequire(import.meta.url).resolve('vitest/package.json');
  const vitest = join(dirname(manifest), 'vitest.mjs');
  try {
    const child = await spawnProcess(
      [
        ...makers[kind],
        ...['sh', '-c', 'ip link set lo up && exec "$@"', 'sh', process.execPath, vitest, 'run'],
        ...['--project', 'conformance', '--reporter=json', `--outputFile=${output}`, file],
      ],
      { environment: { [variable]: kind }, ownGroup: true },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await child.exited;
    return parse(output, said);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function parse(output: string, said: string): Report {
  try {
    return JSON.parse(readFileSync(output, 'utf8')) as Report;
  } catch (cause) {
    throw new Error(`the run inside gave no report: ${said}`, { cause });
  }
}
