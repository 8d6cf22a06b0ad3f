/** Runs a scenario from a seed: its figures, a digest of every packet, and where it fails a diagram and the command that repeats it. */
import { diagramRows, sequenceDiagram } from './diagram.ts';
import type { Figures, Scenario, ScenarioSettings } from './scenario.ts';
import { ScenarioFailure, SimWorld } from './world.ts';

/** How a run ended. */
export interface RunResult {
  readonly scenario: string;
  readonly seed: string;
  readonly figures: Figures;
  /** Null: everything held. */
  readonly failure: RunFailure | null;
  readonly packetCount: number;
  /** Equal for equal runs only. */
  readonly packetDigest: string;
  readonly virtualMs: number;
}

/** What did not hold. */
export interface RunFailure {
  readonly message: string;
  readonly diagram: string;
  /** What to type. */
  readonly replay: string;
}

/** Runs one. @param rows - of the diagram of a failure. A broken invariant of the node fails it like what the scenario demands. */
export function runScenario(
  scenario: Scenario,
  seed: string,
  settings: ScenarioSettings = {},
  rows: number = diagramRows,
): RunResult {
  const world = new SimWorld(`${scenario.name}/${seed}`);
  let figures: Figures = {};
  let failure: RunFailure | null = null;
  try {
    figures = scenario.run(world, { ...scenario.settings, ...settings });
  } catch (error) {
    const message =
      error instanceof ScenarioFailure
        ? error.message
        : error instanceof Error
          ? (error.stack ?? error.message)
          : String(error);
    const about = error instanceof ScenarioFailure ? error.about : [];
    failure = {
      message,
      diagram: sequenceDiagram(world, rows, about),
      replay: replayOf(scenario, seed, settings),
    };
  }
  return {
    scenario: scenario.name,
    seed,
    figures,
    failure,
    packetCount: world.log.count,
    packetDigest: world.log.digest,
    virtualMs: world.nowMs,
  };
}

/** One line: name, seed, whether it held, figures. */
export function describeResult(result: RunResult): string {
  const figures = Object.entries(result.figures)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? format(value) : value}`)
    .join('  ');
  const verdict = result.failure === null ? 'ok  ' : 'FAIL';
  const packets = `${result.packetCount} datagrams in ${format(result.virtualMs / 1000)} s, ${result.packetDigest}`;
  return `${verdict} ${result.scenario.padEnd(28)} seed ${result.seed}  ${figures}  [${packets}]`;
}

/** What a person is told of a failure. */
export function describeFailure({ message, diagram, replay }: RunFailure): string {
  return `${message}\n\n${diagram}\n\nreplay: ${replay}\n`;
}

function replayOf(scenario: Scenario, seed: string, settings: ScenarioSettings): string {
  const members = settings.members === undefined ? '' : ` --members ${settings.members}`;
  return `npm run sim -- --scenario ${scenario.name} --seed ${seed}${members}`;
}

function format(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}
