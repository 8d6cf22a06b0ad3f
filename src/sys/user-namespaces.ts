/** The switches by which distributions refuse user namespaces to those who are not root. */
import { readFileSync } from 'node:fs';

/** The file, the value that refuses, the command that allows. */
const switches = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    refuses: '1',
    mend: 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    refuses: '0',
    mend: 'sudo sysctl -w kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    refuses: '0',
    mend: 'sudo sysctl -w user.max_user_namespaces=10000',
  },
] as const;

/** The command that would allow user namespaces; null where no switch refuses them, though something else still may. */
export function userNamespaceRemedy(): string | null {
  const found = switches.find(({ file, refuses }) => {
    try {
      return readFileSync(file, 'utf8').trim() === refuses;
    } catch {
      return false;
    }
  });
  return found?.mend ?? null;
}
