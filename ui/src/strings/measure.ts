/** Texts of measuring: the list of runs, starting one, watching it, its report. */
import type { RunProblem } from '../../../src/api/run-request.ts';
import type { RunProgress, RunState } from '../../../src/api/schema/run.ts';

const states: Readonly<Record<RunState, string>> = {
  starting: 'starting',
  running: 'running',
  stopping: 'stopping',
  complete: 'complete',
  interrupted: 'stopped early',
  failed: 'failed',
  growing: 'measured elsewhere',
  unfinished: 'unfinished',
  unreadable: 'unreadable',
};

const phases: Readonly<Record<RunProgress['phase'], string>> = {
  'warm-up': 'Warming up',
  calibration: 'Calibrating the harness',
  measurement: 'Measuring',
};

const problems: Readonly<Record<RunProblem['code'], string>> = {
  label: 'a name of up to 32 letters, digits, spaces and . + - _',
  'label-twice': 'another path has this name',
  target: 'a host, or host:port; IPv6 with a port in brackets',
  'too-few': 'a comparison takes two or more',
  'too-many': 'these are too many',
  number: 'out of range',
  invitation: 'this is no invitation of overspan serve',
  type: 'not of the form it must have',
};

export const measure = {
  title: 'Measure',
  lead: 'What a virtual network costs: how much later an answer comes through it than without it, by paths to one and the same server that take turns.',
  denied: 'This session may not measure',
  deniedHint:
    "Measuring starts programs on the machine of this page. Sign in with the daemon's own token.",
  states,
  problems,
  // The list.
  compare: 'New comparison',
  // What kind.
  what: 'What to compare',
  toServer: 'Paths to a server',
  toServerHint: 'Addresses of another machine, where overspan serve runs.',
  inLab: 'Overlays in a lab of this machine',
  inLabHint:
    'Two hosts in namespaces, made for the run and taken down after it; nothing leaves this machine.',
  engines: 'Overlays',
  enginesHint: 'Two or more. The first one that is chosen is what the others are held against.',
  engineHints: {
    direct: 'The link itself, without an overlay.',
    vxlan: "The kernel's own, without encryption.",
    overspan: 'This program.',
  } as Readonly<Record<string, string>>,
  noLab: (why: string) => `There can be no lab: ${why}`,
  empty: 'Nothing has been measured yet',
  emptyHint:
    'Run `overspan serve` on the far machine; then compare its addresses from here, with and without the network between. Or compare the overlays that this machine has, in a lab.',
  directory: (path: string) =>
    `Records in ${path}; those of overspan compare in this directory, too.`,
  leftOut: (count: number) => `${count} older ${count === 1 ? 'run is' : 'runs are'} not listed.`,
  goingOn: 'A run goes on. No other is started meanwhile: two would disturb each other.',
  watch: 'Watch it',
  choose: (id: string) => `Choose ${id} for showing two side by side`,
  deleteRun: (id: string) => `Delete ${id}`,
  deleted: (id: string) => `Deleted: ${id}, its record and its report`,
  sideBySide: 'Show two side by side',
  sideBySideHint: (chosen: number) =>
    chosen === 0
      ? 'Choose two runs in the list.'
      : chosen === 1
        ? 'Choose one more.'
        : 'Choose two, not more.',
  verdictPending: (isMeasuring: boolean) =>
    isMeasuring ? 'The report is made when no run goes on' : 'The report is being made',
  started: 'Started',
  // Starting one.
  paths: 'Paths',
  pathsHint:
    'Two or more addresses of the machine where overspan serve runs. The first one is what the others are held against.',
  pathName: (n: number) => `Name of path ${n}`,
  pathTarget: (n: number) => `Host and port of path ${n}`,
  name: 'Name',
  target: 'Host[:port]',
  addPath: 'Add a path',
  removePath: (n: number) => `Remove path ${n}`,
  rounds: 'Rounds',
  roundsHint: 'How often every path is visited.',
  time: 'Time, s',
  timeHint: 'How long the rounds may take together.',
  requests: 'Requests of a visit',
  requestsHint: 'Empty: as many as the time allows.',
  size: 'Size, bytes',
  sizeHint: 'Of a request, and of its reply.',
  interval: 'Interval, s',
  intervalHint: '0: as soon as the reply is there.',
  invitation: 'Invitation',
  invitationHint:
    'As overspan serve printed it. Needed once: the certificate that it brings is kept.',
  calibrates: "Measure the harness's own floor first",
  calibratesHint: 'A few seconds more; without it small differences cannot be told from none.',
  range: (min: number, max: number) => `${min} to ${max}`,
  command: 'The same as a command',
  start: 'Start',
  // One run.
  backToList: 'All runs',
  phases,
  roundOf: (round: number, rounds: number) => `round ${round} of ${rounds}`,
  starting: 'Getting ready',
  raising: (engine: string) => `Bringing up ${engine}`,
  stopping: 'Stopping; what was measured is kept',
  left: (text: string) => `about ${text} left`,
  span: {
    seconds: (s: number) => `${s} s`,
    minutes: (min: number) => `${min} min`,
    minutesAndSeconds: (min: number, s: number) => `${min} min ${s} s`,
  },
  progress: 'Share of the visits that are done',
  stop: 'Stop',
  live: 'So far',
  liveNote: 'Intervals and the verdict come at the end: they are drawn from whole rounds.',
  curve: 'How many requests were answered within',
  curveHint:
    'The share of requests that took no longer than a latency, up to p99.9. Further left is faster; steeper is steadier.',
  curveAxisX: (unit: string) => `latency, ${unit}`,
  nothingYet: 'No request was measured yet.',
  path: 'Path',
  measured: 'Requests',
  lost: 'Lost',
  needs: (count: string) => `needs ≥ ${count}`,
  tryAgain: 'Change it and try again',
  noRecord: 'Nothing was measured, so there is no record and no report.',
  growing: 'Another program measures this',
  growingHint: 'The report is made when it is over.',
  interruptedEarly: 'The run was stopped before anything was measured',
  reportOf: (id: string) => `Report of ${id}`,
  saveReport: 'Save the report',
  saveRecord: 'Save the record',
  reportCommand: 'command for this report',
  making: 'Making the report',
  // Two runs.
  two: 'Two runs side by side',
  metricOfRun: (run: number, metric: string) => `${run}. ${metric}`,
  twoNote:
    'Two runs compare two moments, not two paths: load, temperature and neighbours may have changed between them. Put what you want to compare into one run where you can.',
  twoFigures: 'Latency of both, with 95 % intervals',
  absent: 'not in this run',
} as const;
