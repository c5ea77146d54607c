import type { AlertGroup, GroupMember, MemberChange } from "../../domain/alerts/group.ts";
import type { MemberStep } from "../../domain/alerts/member.ts";
import type { Commit, Store } from "../../domain/store.ts";
import { membersCoded } from "../../records/alert-group.ts";
import { GroupBook } from "./group-book.ts";

/** An alert stands on so many messages at the most. */
const mostMessages = 50;

/** The part of a commit that brings every message up to date on which alerts with these codes fire. */
export async function alterTold(
  store: Store,
  codes: readonly string[],
  given: {
    readonly now: number;
    readonly what: MemberChange;
    readonly with: (member: GroupMember) => GroupMember;
  },
): Promise<Required<Pick<Commit, "expect" | "put" | "notices">>> {
  const { now, what } = given;
  return alterMembers(store, codes, { now, change: (member) => ({ member: given.with(member), what }) });
}

/** The same where what changes is another thing on each message; nothing on one where `change` answers nothing. */
export async function alterMembers(
  store: Store,
  codes: readonly string[],
  given: {
    readonly now: number;
    readonly change: (member: GroupMember, group: AlertGroup) => MemberStep | undefined;
  },
): Promise<Required<Pick<Commit, "expect" | "put" | "notices">>> {
  const book = new GroupBook(store, given.now);
  for (const code of codes) {
    const { found } = await membersCoded(store, code, mostMessages);
    for (const { member } of found) if (member.state === "firing") await book.alter(member, given.change);
  }
  return book.parts();
}
