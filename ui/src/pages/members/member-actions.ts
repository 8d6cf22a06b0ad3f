/** What the parts of a list may ask of it; the same object for as long as the list is shown, so that rows need not be drawn again. */
import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import type { Removal } from './consequences.ts';

/** The actions. */
export interface MemberActions {
  /** Where the page of a member is. */
  readonly href: (address: string) => string;
  readonly authorize: (members: readonly MemberV1[]) => void;
  /** Whether the service knows bans. */
  readonly canBan: boolean;
  /** Lifts bans; that lets nobody in. */
  readonly unban: (members: readonly MemberV1[]) => void;
  /** After it was said what follows. */
  readonly remove: (removal: Removal, members: readonly MemberV1[]) => void;
  /** @returns whether it was done; what went wrong was said */
  readonly rename: (member: MemberV1, name: string) => Promise<boolean>;
  readonly edit: (member: MemberV1) => void;
  readonly why: (member: MemberV1) => void;
}
