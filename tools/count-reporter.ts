/** Ends a test run with the one line that CI reads: `N passed, N failed, N skipped`, after the reason of each skip and each failure. */
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

// eslint-disable-next-line no-restricted-exports -- vitest loads a reporter by its default export
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    let passed = 0;
    // An error outside any test (a rejected promise that nobody awaited) is a failure too.
    let failed = unhandled.length;
    const skips: string[] = [];
    const failures: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) failed++;
      for (const suite of module.children.allSuites()) failed += suite.errors().length > 0 ? 1 : 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed++;
        else if (result.state === 'failed') {
          failed++;
          failures.push(`${test.fullName}: ${result.errors[0]?.message.split('\n')[0] ?? ''}`);
        } else if (result.state === 'skipped')
          skips.push(`${test.fullName}: ${result.note ?? 'no reason given'}`);
      }
    }
    for (const skip of skips) console.log(`skipped: ${skip}`);
    for (const failure of failures) console.log(`failed: ${failure}`);
    console.log(
      `${passed} passed, ${failed} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`,
    );
  }
}
