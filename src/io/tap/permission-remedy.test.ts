import { describe, expect, it } from 'vitest';

import { permissionRemedy } from './permission-remedy.ts';

describe('what to do where no device may be made', () => {
  it('names root, the capability, and the way without devices', () => {
    const remedy = permissionRemedy({ isRoot: false, refusesNamespaces: false });
    for (const way of ['sudo overspan up', 'CAP_NET_ADMIN', '--no-devices', 'unshare -rn'])
      expect(remedy).toContain(way);
  });

  it('does not send into a namespace where the system refuses it', () => {
    const remedy = permissionRemedy({ isRoot: false, refusesNamespaces: true });
    expect(remedy).not.toContain('unshare');
    expect(remedy).toContain('sudo overspan up');
  });

  it('does not tell root to be root', () => {
    const remedy = permissionRemedy({ isRoot: true, refusesNamespaces: false });
    expect(remedy).not.toContain('sudo');
    expect(remedy).toContain('--cap-add NET_ADMIN');
    expect(remedy).toContain('--no-devices');
  });
});
