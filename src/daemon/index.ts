/** Running a node on this machine: what others import of this folder. */
export { startDaemon, type Daemon, type DaemonOptions } from './daemon.ts';
export { readPlanet, readWorld } from './home.ts';
export { lineLog, type Log, type LogFields, type LogLevel } from './log.ts';
export { makePlanetFiles, type PlanetRequest, type PlanetResult } from './root-files.ts';
