import {
  type AlertGroup,
  changesDueAt,
  dueAt,
  flapMs,
  type GroupMember,
  type MemberChange,
  verbosityOf,
  withMember,
} from "../../domain/alerts/group.ts";
import { type AlertNow, memberStep } from "../../domain/alerts/member.ts";
import type { Commit, Owed, Store } from "../../domain/store.ts";
import {
  groupKey,
  memberKey,
  messageOf,
  parseGroup,
  parseMember,
  putGroup,
  putMember,
} from "../../records/alert-group.ts";
import { ifLegible } from "../../records/legible.ts";
import { readMessage, shownRevisions } from "../../records/message.ts";
import { noticeId, owedAlerts } from "../../records/notice.ts";

/** A group as it would begin with its first alert. */
export type GroupOpening = Omit<
  AlertGroup,
  "opened" | "rev" | "firing" | "critical" | "over" | "since" | "endedAt" | "owedAt" | "changesAt" | "at"
>;

interface Page {
  group: AlertGroup;
  readonly revision: string | null;
  /** What its revision was before this commit; it counts one a commit. */
  readonly rev: number;
  isShown: boolean;
  isSaid: boolean;
}

interface Line {
  member: GroupMember | undefined;
  readonly revision: string | null;
  isChanged: boolean;
}

/** What one commit changes of messages about alerts: each group and each alert in it is read once, and written once. */
export class GroupBook {
  readonly #store: Pick<Store, "read">;
  readonly #now: number;
  readonly #pages = new Map<string, Page | undefined>();
  readonly #lines = new Map<string, Line>();

  constructor(store: Pick<Store, "read">, now: number) {
    this.#store = store;
    this.#now = now;
  }

  /** Reads groups at once that are asked about one by one afterwards. */
  async load(ids: readonly string[]): Promise<void> {
    const wanted = [...new Set(ids)].filter((id) => !this.#pages.has(id));
    const documents = await this.#store.read(wanted.map(groupKey));
    for (const [at, id] of wanted.entries()) {
      const document = documents[at];
      const read = document && ifLegible(() => parseGroup(document));
      this.#pages.set(
        id,
        read && { group: read.group, revision: read.revision, rev: read.group.rev, isShown: false, isSaid: false },
      );
    }
  }

  /** Puts an alert into its group, which is opened where it is not. Answers the revision of the group that tells it. */
  async place(opening: GroupOpening, alert: AlertNow): Promise<number> {
    const page = (await this.#open(opening.id)) ?? this.#begin(opening, alert);
    return this.#step(page, alert);
  }

  /** Tells of an alert that is in a group. Undefined where that has another message by now, and the alert is not in it. */
  async tell(id: string, alert: AlertNow): Promise<number | undefined> {
    const page = await this.#page(id);
    if (!page || !(await this.#line(page, alert.alert)).member) return undefined;
    return this.#step(page, alert);
  }

  /** Changes what stands of an alert in a message; nothing where it is not in it. */
  async alter(
    { group: id, opened, alert }: Pick<GroupMember, "group" | "opened" | "alert">,
    change: (member: GroupMember) => { readonly member: Omit<GroupMember, "change">; readonly what: MemberChange },
  ): Promise<void> {
    const page = await this.#page(id);
    if (page?.group.opened !== opened) return;
    const line = await this.#line(page, alert);
    if (!line.member) return;
    const { member, what } = change(line.member);
    this.#write(page, line, { member, what });
  }

  /** What the message of a group is called where it is told what became of an event. */
  nameOf(id: string): string {
    const page = this.#pages.get(id);
    return page ? messageOf(page.group) : id;
  }

  /** The part of a commit that writes all of it, and owes the messages. */
  async parts(): Promise<Required<Pick<Commit, "expect" | "put" | "notices">>> {
    const pages = [...this.#pages.values()].filter((page) => page !== undefined);
    const written = pages.filter(({ group, rev }) => group.rev > rev);
    const lines = [...this.#lines.values()].filter(({ isChanged }) => isChanged);
    const members = lines.flatMap(({ member, revision }) => (member ? [{ member, revision }] : []));
    const shown = await shownRevisions(
      this.#store,
      written.map(({ group: { id, opened, place } }) => noticeId({ kind: "alerts", group: id, opened }, place)),
    );
    const due = written.map((page, at) => ({ ...page, group: this.#due(page, shown[at]?.rev) }));
    return {
      expect: {
        ...Object.fromEntries(due.map(({ group, revision }) => [groupKey(group.id), revision])),
        ...Object.fromEntries(members.map(({ member, revision }) => [memberKey(member), revision])),
      },
      put: [...due.map(({ group }) => putGroup(group)), ...members.map(({ member }) => putMember(member))],
      notices: due.flatMap((page): Owed[] => [
        ...(page.isShown ? [owedAlerts("alerts", page.group, page.group.owedAt)] : []),
        ...(page.isSaid ? [owedAlerts("alert-changes", page.group, page.group.changesAt)] : []),
      ]),
    };
  }

  /** The first post says all that is so then: what is said under it comes later. */
  #due({ group, isShown, isSaid, rev }: Page, shown: number | undefined): AlertGroup {
    // What is to come already and could not be sent yet is not put off by what comes besides.
    const isWaiting = rev > 0 && (shown ?? -1) < rev;
    return {
      ...group,
      at: this.#now,
      ...(isShown && { owedAt: dueAt({ ...group, rev }, { now: this.#now, isWaiting }) }),
      ...(isSaid && { changesAt: changesDueAt(group, this.#now) }),
    };
  }

  async #page(id: string): Promise<Page | undefined> {
    if (!this.#pages.has(id)) await this.load([id]);
    return this.#pages.get(id);
  }

  /** The message that goes on; undefined where a new one begins. Its end is shown before another takes its place. */
  async #open(id: string): Promise<Page | undefined> {
    const page = await this.#page(id);
    if (!page || page.group.firing > 0 || page.group.rev > page.rev) return page;
    const { endedAt = 0, rev } = page.group;
    if (this.#now - endedAt < flapMs) return page;
    const { id: group, opened, place } = page.group;
    const sent = await readMessage(this.#store, noticeId({ kind: "alerts", group, opened }, place));
    return (sent?.shown?.rev ?? -1) < rev ? page : undefined;
  }

  #begin(opening: GroupOpening, { since }: AlertNow): Page {
    const before = this.#pages.get(opening.id);
    const now = this.#now;
    const counts = { firing: 0, critical: 0, over: 0 };
    const group: AlertGroup = {
      ...opening,
      ...counts,
      // What follows within the same millisecond is told from what was before all the same.
      opened: Math.max(now, (before?.group.opened ?? 0) + 1),
      rev: 0,
      since,
      owedAt: 0,
      changesAt: 0,
      at: now,
    };
    const page: Page = { group, revision: before?.revision ?? null, rev: 0, isShown: false, isSaid: false };
    this.#pages.set(opening.id, page);
    return page;
  }

  async #line({ group }: Page, alert: string): Promise<Line> {
    const key = memberKey({ group: group.id, opened: group.opened, alert });
    const known = this.#lines.get(key);
    if (known) return known;
    const [document] = await this.#store.read([key]);
    const read = document && ifLegible(() => parseMember(document));
    const line: Line = { member: read?.member, revision: document?.revision ?? null, isChanged: false };
    this.#lines.set(key, line);
    return line;
  }

  async #step(page: Page, alert: AlertNow): Promise<number> {
    const line = await this.#line(page, alert.alert);
    const { id: group, opened } = page.group;
    const step = memberStep(line.member, alert, { group, opened, at: this.#now });
    if (step) this.#write(page, line, step);
    return page.group.rev;
  }

  #write(
    page: Page,
    line: Line,
    { member, what }: { readonly member: Omit<GroupMember, "change">; readonly what?: MemberChange | undefined },
  ): void {
    const rev = page.rev + 1;
    const how = what === undefined ? "quiet" : verbosityOf(page.group.verbosity, what);
    const isSaid = how === "post";
    const before = line.member?.change ?? { what: what ?? "new", at: this.#now, rev: 0 };
    const after: GroupMember = {
      ...member,
      change: isSaid && what !== undefined ? { what, at: this.#now, rev } : before,
    };
    page.group = { ...withMember(page.group, line.member, after), rev };
    // The first post shows all of it.
    page.isSaid ||= isSaid && page.rev > 0;
    page.isShown ||= how !== "off" || page.rev === 0;
    line.member = after;
    line.isChanged = true;
  }
}
