/** What the operator allows each network, in the files of the home. Source: management.md 1.4; `managed-state.ts`. */
import { readFileSync } from 'node:fs';

import { invalid } from '../api/body/loose.ts';
import type { PermissionsChange } from '../api/schema/network.ts';
import { formatU64, type NetworkId } from '../base/ids.ts';
import type { Home } from './home.ts';
import {
  defaultPermissions,
  formatPermissions,
  parsePermissions,
  prefixOf,
  type NetworkPermissions,
} from './managed-state.ts';

/** The files `networks.d/<16 hex>.local.conf`. */
export class PermissionFiles {
  readonly #home: Home;
  /** Changes are made one after the other, each upon what the one before it has written. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(home: Home) {
    this.#home = home;
  }

  /** What counts now: read when it is needed, which is seldom, so that an edit of the file counts from then on. */
  of(networkId: NetworkId): NetworkPermissions {
    try {
      return parsePermissions(readFileSync(this.#home.path(nameOf(networkId)), 'latin1'));
    } catch {
      return defaultPermissions;
    }
  }

  /** Changes what is allowed; of nothing no file is made. @throws API_BODY_INVALID, HOME_UNUSABLE; nothing has changed */
  change(networkId: NetworkId, change: PermissionsChange): Promise<void> {
    const { allowManaged, ...others } = change;
    const changed = this.#changing.then(async () => {
      if (Object.keys(change).length === 0) return;
      const before = this.of(networkId);
      const managed = managedAfter(before.allowManaged, allowManaged);
      const text = formatPermissions({ ...before, ...others, allowManaged: managed });
      await this.#home.persist(nameOf(networkId), Buffer.from(text, 'latin1'));
    });
    this.#changing = changed.catch(() => undefined);
    return changed;
  }
}

function managedAfter(
  before: NetworkPermissions['allowManaged'],
  change: PermissionsChange['allowManaged'],
): NetworkPermissions['allowManaged'] {
  if (change === undefined) return before;
  // A program that sends back what it was shown does not lift a restriction.
  if (change === true) return before === false ? true : before;
  if (change === false) return false;
  return change.map((text) => {
    const prefix = prefixOf(text);
    if (prefix === null) throw invalid('a network in allowManaged', 'is none', text);
    return prefix;
  });
}

function nameOf(networkId: NetworkId): string {
  return `networks.d/${formatU64(networkId)}.local.conf`;
}
