/** Running a node on this machine: what others import of this folder. */
export { makeBackup } from './backup/make-backup.ts';
export { restoreBackup } from './backup/restore-backup.ts';
export type { BackupSummary } from './backup/content.ts';
export { startDaemon, type Daemon, type DaemonOptions } from './daemon.ts';
export { importOfficial } from './official/import-official.ts';
export { readPlanet, readWorld } from './home.ts';
export { lineLog, type Log, type LogFields, type LogLevel } from './log.ts';
export { makePlanetFiles, type PlanetRequest, type PlanetResult } from './root-files.ts';
