/** The `overspan` program that engines run: the built one, also when the sources run (tests, benches). */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../dist/cli/main.js' : '../../cli/main.js',
    import.meta.url,
  ),
);

/** The first words of its command line, with the Node that runs us. */
export function overspanProgram(): readonly string[] {
  return [process.execPath, entry];
}

/** False in a checkout that was not built. */
export function isOverspanBuilt(): boolean {
  return existsSync(entry);
}
