import {
  type AlertGroup,
  changesDueAt,
  dueAt,
  flapMs,
  type GroupMember,
  verbosityOf,
  withMember,
} from "../../domain/alerts/group.ts";
import { type AlertNow, type MemberStep, memberStep } from "../../domain/alerts/member.ts";
import { isWithheld, snoozesAt } from "../../domain/alerts/snooze.ts";
import { foldedInto, oneMoreRoot, stormWritten, type Weather, withBelow } from "../../domain/alerts/storm.ts";
import type { Commit, Owed, Store } from "../../domain/store.ts";
import { owedGraph } from "../../records/alert-graph.ts";
import {
  groupKey,
  memberKey,
  messageOf,
  parseGroup,
  parseMember,
  putGroup,
  putMember,
} from "../../records/alert-group.ts";
import { parseWeather, putWeather, stormName, weatherKey } from "../../records/alert-storm.ts";
import { ifLegible } from "../../records/legible.ts";
import { readMessage, shownRevisions } from "../../records/message.ts";
import { noticeId, owedAlerts, owedStorm } from "../../records/notice.ts";

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
  /** How many of its alerts fired before this commit. */
  readonly fired: number;
  isShown: boolean;
  isSaid: boolean;
  /** It gets a message of its own by this commit. */
  isPosted?: true;
}

/** How much is posted in a channel, as it is read and as it is written. */
interface Sky {
  weather: Weather | undefined;
  readonly revision: string | null;
  isChanged: boolean;
  /** Its storm has more to say. */
  isTold: boolean;
}

interface Line {
  member: GroupMember | undefined;
  readonly revision: string | null;
  isChanged: boolean;
  isWithheld?: true;
}

/** How long after its last alert is over the graph of a message is drawn anew, ms: its course is back then, and what flaps costs less. */
const settledMs = 15_000;

/** What one commit changes of messages about alerts: each group and each alert in it is read once, and written once. */
export class GroupBook {
  readonly #store: Pick<Store, "read">;
  readonly #now: number;
  readonly #pages = new Map<string, Page | undefined>();
  readonly #lines = new Map<string, Line>();
  readonly #skies = new Map<string, Sky>();

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
        read && {
          group: read.group,
          revision: read.revision,
          rev: read.group.rev,
          fired: read.group.firing,
          isShown: false,
          isSaid: false,
        },
      );
    }
  }

  /** Puts an alert into its group, which is opened where it is not. Answers the revision of the group that tells it. */
  async place(opening: GroupOpening, alert: AlertNow): Promise<number> {
    const page = (await this.#open(opening.id)) ?? (await this.#begin(opening, alert));
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
    change: (member: GroupMember, group: AlertGroup) => MemberStep | undefined,
  ): Promise<void> {
    const page = await this.#page(id);
    if (page?.group.opened !== opened) return;
    if (page.group.folded !== undefined) await this.#sky(page.group.channel);
    const line = await this.#line(page, alert);
    if (!line.member) return;
    const step = change(line.member, page.group);
    if (step) this.#write(page, line, step);
  }

  /** What the message of a group is called where it is told what became of an event. */
  nameOf(id: string): string {
    const page = this.#pages.get(id);
    if (!page) return id;
    const { folded, channel } = page.group;
    if (folded === undefined) return messageOf(page.group);
    // Where the summary is brought to the end by this very commit, its message of before is brought up to date as well.
    const storm = this.#skies.get(channel)?.weather?.storm;
    return stormName(channel, { began: folded, part: storm?.began === folded ? storm.part : 0 });
  }

  /** What was told of an alert in a group by this commit is on its message, and withheld from those there by a snooze. */
  isWithheld(id: string, alert: string): boolean {
    const page = this.#pages.get(id);
    if (!page) return false;
    return this.#lines.get(memberKey({ group: id, opened: page.group.opened, alert }))?.isWithheld === true;
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
    const skies = [...this.#skies.values()].flatMap(({ weather: before, revision, isChanged, isTold }) => {
      if (!before || !isChanged) return [];
      const weather = isTold ? this.#told(before) : before;
      return [{ weather, revision, isTold, isMoved: weather.storm?.part !== before.storm?.part }];
    });
    return {
      expect: {
        ...Object.fromEntries(skies.map(({ weather, revision }) => [weatherKey(weather.channel), revision])),
        ...Object.fromEntries(due.map(({ group, revision }) => [groupKey(group.id), revision])),
        ...Object.fromEntries(members.map(({ member, revision }) => [memberKey(member), revision])),
      },
      put: [
        ...skies.map(({ weather }) => putWeather(weather)),
        ...due.map(({ group }) => putGroup(group)),
        ...members.map(({ member }) => putMember(member)),
      ],
      notices: [
        ...skies.flatMap(({ weather, isTold, isMoved }) => (isTold ? owedStorm(weather, { isMoved }) : [])),
        ...due.flatMap(owedOf),
      ],
    };
  }

  #told(weather: Weather): Weather {
    return weather.storm ? { ...weather, storm: stormWritten(weather.storm, this.#now) } : weather;
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
    if (!page || page.group.rev > page.rev) return page;
    if (page.group.folded !== undefined && !(await this.#isStormy(page.group))) return undefined;
    if (page.group.firing > 0) return page;
    const { endedAt = 0, rev } = page.group;
    if (this.#now - endedAt < flapMs) return page;
    const { id: group, opened, place } = page.group;
    const sent = await readMessage(this.#store, noticeId({ kind: "alerts", group, opened }, place));
    return (sent?.shown?.rev ?? -1) < rev ? page : undefined;
  }

  async #begin(opening: GroupOpening, { since }: AlertNow): Promise<Page> {
    const sky = await this.#sky(opening.channel);
    const root = oneMoreRoot(sky.weather, { ...opening, isUrgent: opening.urgent }, this.#now);
    sky.weather = root.weather;
    sky.isChanged = true;
    const folded = root.folds ? root.weather.storm?.began : undefined;
    const before = this.#pages.get(opening.id);
    const now = this.#now;
    const counts = { firing: 0, critical: 0, over: 0 };
    const group: AlertGroup = {
      ...opening,
      ...counts,
      ...(folded !== undefined && { folded }),
      // What follows within the same millisecond is told from what was before all the same.
      opened: Math.max(now, (before?.group.opened ?? 0) + 1),
      rev: 0,
      since,
      owedAt: 0,
      changesAt: 0,
      at: now,
    };
    const page: Page = {
      group,
      revision: before?.revision ?? null,
      rev: 0,
      fired: 0,
      isShown: false,
      isSaid: false,
      isPosted: true,
    };
    this.#pages.set(opening.id, page);
    return page;
  }

  /** The storm that folded a group goes on: its summary still stands for it. */
  async #isStormy({ channel, folded }: AlertGroup): Promise<boolean> {
    const storm = (await this.#sky(channel)).weather?.storm;
    return storm?.began === folded && storm?.overAt === undefined;
  }

  async #sky(channel: string): Promise<Sky> {
    const known = this.#skies.get(channel);
    if (known) return known;
    const [document] = await this.#store.read([weatherKey(channel)]);
    const weather = document && ifLegible(() => parseWeather(document));
    const sky: Sky = { weather, revision: document?.revision ?? null, isChanged: false, isTold: false };
    this.#skies.set(channel, sky);
    return sky;
  }

  /** Gives groups that a storm has folded messages of their own. */
  async unfold(ids: readonly string[]): Promise<void> {
    await this.load(ids);
    for (const id of ids) {
      const page = this.#pages.get(id);
      if (page?.group.folded === undefined) continue;
      const { folded: _, ...group } = page.group;
      const sky = await this.#sky(group.channel);
      if (sky.weather?.storm) {
        sky.weather = { ...sky.weather, storm: withBelow(sky.weather.storm, 1) };
        sky.isChanged = true;
      }
      page.group = { ...group, rev: page.rev + 1 };
      page.isShown = true;
      page.isPosted = true;
    }
  }

  /** Says that the storm of a channel is over. */
  async endStorm(channel: string): Promise<void> {
    const sky = await this.#sky(channel);
    if (!sky.weather?.storm) return;
    sky.weather = { ...sky.weather, storm: { ...sky.weather.storm, overAt: this.#now } };
    [sky.isChanged, sky.isTold] = [true, true];
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
    // Its storm is to be at hand when it is written.
    if (page.group.folded !== undefined) await this.#sky(page.group.channel);
    const { id: group, opened } = page.group;
    const { snoozes = [], ...told } = alert;
    const here = snoozesAt(snoozes, page.group.place);
    const step = memberStep(
      line.member,
      { ...told, ...(here.length > 0 && { snoozes: here }) },
      { group, opened, at: this.#now },
    );
    if (step) this.#write(page, line, step);
    const { folded, channel } = page.group;
    const storm = this.#skies.get(channel)?.weather?.storm;
    // The summary says it, with the revision that it is written with.
    return folded !== undefined && storm?.began === folded ? storm.rev + 1 : page.group.rev;
  }

  #write(page: Page, line: Line, { member, what, only }: MemberStep): void {
    const rev = page.rev + 1;
    const isQuiet = what === undefined || (page.rev > 0 && isWithheld(member, what, this.#now));
    const how = isQuiet ? "quiet" : verbosityOf(page.group.verbosity, what);
    if (isQuiet && what !== undefined) line.isWithheld = true;
    const isSaid = how === "post";
    const before = line.member?.change ?? { what: what ?? "new", at: this.#now, rev: 0 };
    const after: GroupMember = {
      ...member,
      change: isSaid && what !== undefined ? { what, at: this.#now, rev, ...(only && { only }) } : before,
    };
    page.group = { ...withMember(page.group, line.member, after), rev };
    const sky = page.group.folded === undefined ? undefined : this.#skies.get(page.group.channel);
    if (sky?.weather?.storm && sky.weather.storm.began === page.group.folded) {
      const storm = foldedInto(sky.weather.storm, page.group, { before: line.member, after });
      sky.weather = { ...sky.weather, storm };
      [sky.isChanged, sky.isTold] = [true, true];
    }
    // The first post shows all of it.
    page.isSaid ||= isSaid && page.rev > 0;
    page.isShown ||= how !== "off" || page.rev === 0;
    line.member = after;
    line.isChanged = true;
  }
}

/**
 * What is folded is told by the summary of its storm. A graph comes with the message, and once more when all of it is over: it shows
 * the way back then.
 */
function owedOf({ group, fired, isShown, isSaid, isPosted }: Page): readonly Owed[] {
  if (group.folded !== undefined) return [];
  const isOver = fired > 0 && group.firing === 0;
  return [
    ...(group.graph && isPosted ? [owedGraph(group, group.owedAt)] : []),
    ...(group.graph && isOver ? [owedGraph(group, group.at + settledMs)] : []),
    ...(isShown ? [owedAlerts("alerts", group, group.owedAt)] : []),
    ...(isSaid ? [owedAlerts("alert-changes", group, group.changesAt)] : []),
  ];
}
