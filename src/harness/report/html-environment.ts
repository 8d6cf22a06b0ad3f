/** The table of the environment in the HTML report: the host before and after the run, and what each path meets there. */
import type { Environment } from '../campaign/record.ts';
import type { Analysis } from './analysis.ts';
import { html, type Html } from './markup.ts';

/** The host before and after the run; what changed is marked. */
export function environmentTable({ environment }: Analysis): Html {
  const { before, after } = environment;
  if (before === null && after === null)
    return html`<p class="note">The run was cut off before its environment was recorded.</p>`;
  const rows = environmentRows(before, after);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table">
    <table class="stack">
      <caption>
        ${environment.changes.length === 0 ? 'The same before and after, save the load' : 'What changed during the run is marked'}
      </caption>
      <thead>
        <tr>
          <th scope="col">Fact</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(([name, was, is, steady]) =>
          was === is
            ? html`<tr>
                <th scope="row">${name}</th>
                <td class="text" colspan="2">${was}</td>
              </tr>`
            : html`<tr${steady && before !== null && after !== null ? html` class="changed"` : ''}><th scope="row">${name}</th><td class="text" data-head="before">${was}</td><td class="text" data-head="after">${is}</td></tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function environmentRows(
  before: Environment | null,
  after: Environment | null,
): (readonly [name: string, was: string, is: string, steady: boolean])[] {
  const earlier = facts(before);
  const later = facts(after);
  const names = [...new Set([...earlier.keys(), ...later.keys()])];
  return names.map((name) => [
    name,
    earlier.get(name) ?? '–',
    later.get(name) ?? '–',
    name !== 'load average' && name !== 'clock step',
  ]);
}

function facts(environment: Environment | null): Map<string, string> {
  if (environment === null) return new Map();
  const e = environment;
  const host: readonly (readonly [string, string | null])[] = [
    ['host', e.hostname],
    ['system', join([e.os, e.kernel])],
    ['processor', join([e.cpuModel, e.cpuCount === null ? null : `${e.cpuCount} of them`])],
    ['governor', e.cpuGovernor],
    ['memory', e.memoryBytes === null ? null : `${(e.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ['virtualisation', e.virtualisation],
    ['load average', e.loadAverage?.map((load) => load.toFixed(2)).join(' ') ?? null],
    ['clock', e.clockSource],
    ['clock step', e.clockStepNs === null ? null : `${e.clockStepNs} ns`],
    [
      'wall clock',
      e.clockSynchronised === null
        ? null
        : e.clockSynchronised
          ? 'synchronised'
          : 'not synchronised',
    ],
    [
      'congestion control',
      e.tcpCongestionControl === null ? null : `${e.tcpCongestionControl} by default`,
    ],
    [
      'versions',
      Object.entries(e.versions)
        .map((pair) => pair.join(' '))
        .join(', '),
    ],
    ...e.paths.map((path) => [`path ${path.path}`, pathFacts(path)] as const),
  ];
  return new Map(host.map(([name, value]) => [name, value ?? 'unknown']));
}

function pathFacts(path: Environment['paths'][number]): string {
  const { offloads } = path;
  const on =
    offloads === null ? null : Object.keys(offloads).filter((name) => offloads[name] === true);
  return (
    join([
      path.interface === null ? null : `device ${path.interface}`,
      path.linkKind,
      path.sourceAddress === null ? null : `from ${path.sourceAddress}`,
      path.gateway === null ? null : `by ${path.gateway}`,
      path.mtuBytes === null ? null : `MTU ${path.mtuBytes}`,
      path.qdisc === null ? null : `qdisc ${path.qdisc}`,
      path.congestionControl,
      on === null ? null : on.length === 0 ? 'no offloads' : `offloads ${on.join(' ')}`,
    ]) ?? 'unknown'
  );
}

function join(parts: readonly (string | null)[]): string | null {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.join(', ');
}
