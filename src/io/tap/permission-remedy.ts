/** What to do where the system does not let us make network devices: it depends on who we are, and what else is allowed. */

/** Who asks. */
export interface Rights {
  /** Root, or root of a namespace: what is missing then is CAP_NET_ADMIN alone. */
  readonly isRoot: boolean;
  /** Whether a switch of the system refuses user namespaces. */
  readonly refusesNamespaces: boolean;
}

/** Half a sentence for each way out. */
export function permissionRemedy({ isRoot, refusesNamespaces }: Rights): string {
  const withoutDevices = 'to relay and control only, it needs no devices: overspan up --no-devices';
  if (isRoot)
    return `even root needs CAP_NET_ADMIN: in a container, start that with --cap-add NET_ADMIN; ${withoutDevices}`;
  const trial = refusesNamespaces
    ? []
    : ['to try it in a namespace of its own, without any network: unshare -rn overspan up'];
  return [
    'run it as root: sudo overspan up; or give it CAP_NET_ADMIN (AmbientCapabilities= of a systemd service)',
    withoutDevices,
    ...trial,
  ].join('; ');
}
