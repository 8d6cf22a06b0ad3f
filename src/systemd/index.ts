/** The node as a service of systemd: what others import of this folder. */
export {
  installCommands,
  installService,
  isUsableStore,
  serviceFiles,
  uninstallService,
  type ServiceRequest,
  type ServiceResult,
} from './service.ts';
export { stateDirectory } from './unit.ts';
