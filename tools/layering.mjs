// Runs dependency-cruiser and fails when it saw nothing: an empty cruise passes every rule.
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.mjs';

const { output } = await cruise(
  ['src', 'ui/src'],
  { ...config.options, ruleSet: { forbidden: config.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig('./tsconfig.host.json') },
);
const { violations, totalCruised } = output.summary;
for (const { rule, from, to } of violations) {
  const { comment } = config.forbidden.find(({ name }) => name === rule.name) ?? {};
  console.error(`${rule.severity} ${rule.name}: ${from} → ${to}\n  ${comment ?? ''}`);
}
if (totalCruised < 10) {
  console.error(`layering: only ${totalCruised} modules were seen; the cruise itself is broken`);
  process.exitCode = 1;
} else if (violations.length > 0) {
  process.exitCode = 1;
} else {
  console.log(`layering: ${totalCruised} modules, no violation`);
}
