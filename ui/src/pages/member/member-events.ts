/** What a service told of one member, in words. */
import type { ServiceEvent } from '../../service/service-event.ts';
import { strings } from '../../strings.ts';

const words = strings.members.events;

/** An event of a member. */
export interface MemberEvent {
  /** ms since the Unix epoch. */
  readonly at: number;
  readonly text: string;
}

/** Events that are kept while somebody looks. */
export const eventsMax = 100;

/** Null: it is not about the member. Paths and traces are those of its node, in whatever network. */
export function memberEvent(
  { kind, at, data }: ServiceEvent,
  network: string,
  address: string,
): MemberEvent | null {
  switch (kind) {
    case 'member':
      if (data['network'] !== network || data['address'] !== address) return null;
      if (data['isDeleted'] === true) return { at, text: words.deleted };
      return { at, text: data['isAuthorized'] === true ? words.authorized : words.unauthorized };
    case 'path':
      if (data['address'] !== address) return null;
      return { at, text: words.path(String(data['endpoint']), String(data['state'])) };
    case 'trace':
      if (data['source'] !== address) return null;
      return { at, text: words.trace(Number(data['count'])) };
    default:
      return null;
  }
}
