import type { Subject, SubjectData } from "../domain/messages/subject.ts";
import type { Store } from "../domain/store.ts";
import { adoptionKey, parseAdoption } from "../records/adoption.ts";
import { readStorm } from "../records/alert-storm.ts";
import { readDigest, readPictures } from "../records/digest.ts";
import { escalationShown, readEscalations } from "../records/escalation.ts";
import { readFollow } from "../records/follow.ts";
import { readHandOver } from "../records/hand-over.ts";
import { readIncident } from "../records/incident.ts";
import { readReminder, readUpdate } from "../records/incident-update.ts";
import { readInvocation } from "../records/invocation.ts";
import { readFiles } from "../records/kept-files.ts";
import { readToldWindow } from "../records/maintenance.ts";
import { readMessage } from "../records/message.ts";
import { readPage } from "../records/page.ts";
import { readRequest } from "../records/request.ts";
import { readShift } from "../records/shift.ts";
import { readSilence } from "../records/silence.ts";
import { readSilenceEnding } from "../records/silence-ending.ts";
import { readChange } from "../records/status-watch.ts";
import { readTrouble } from "../records/trouble.ts";
import { alertsShown, changesSaid } from "./shown-alerts.ts";
import { incidentShown } from "./shown-incident.ts";
import { shownRequest } from "./shown-request.ts";

/** So long it is waited for the message that something is to be said under, ms: as long as one is tried to be delivered. */
const longestWaitMs = 86_400_000;

/** What is stored of a subject; undefined when it is gone. */
export async function readSubject(store: Store, subject: Subject): Promise<SubjectData | undefined> {
  switch (subject.kind) {
    case "answer": {
      const found = await readInvocation(store, subject.invocation);
      if (!found?.record.answer) return undefined;
      const { account, answer } = found.record;
      const files = await readFiles(store, subject.invocation);
      return { kind: "answer", card: answer.card, files, ...(answer.private && { audience: account }) };
    }
    case "request": {
      const read = await readRequest(store, subject.request);
      return read && { kind: "request", ...(await shownRequest(store, read)) };
    }
    case "adoption": {
      const [document] = await store.read([adoptionKey(subject.adoption)]);
      const adoption = parseAdoption(document);
      return adoption && { kind: "adoption", adoption };
    }
    case "trouble": {
      const trouble = await readTrouble(store, subject.trouble, subject.since);
      return trouble && { kind: "trouble", trouble };
    }
    case "follow": {
      const read = await readFollow(store, subject.follow);
      return read && { kind: "follow", follow: read.follow, now: await store.now() };
    }
    case "alerts":
      return alertsShown(store, { id: subject.group, opened: subject.opened });
    case "silence-ending":
      return readEnding(store, subject.silence);
    case "silence-remade": {
      const read = await readSilence(store, subject.silence);
      const there = read?.silence.there?.find(({ sender }) => sender === subject.sender);
      return read && there && { kind: "silence-remade", silence: read.silence, there, now: await store.now() };
    }
    case "hand-over": {
      const handOver = await readHandOver(store, subject);
      return handOver && { kind: "hand-over", handOver };
    }
    case "digest": {
      const read = await readDigest(store, subject);
      if (read?.record.state !== "made") return undefined;
      return { kind: "digest", digest: read.record, pictures: await readPictures(store, subject) };
    }
    case "digest-details":
      return readDigestDetails(store, subject);
    case "page":
      return readShownPage(store, subject.page);
    case "maintenance": {
      const told = await readToldWindow(store, subject);
      return told && { kind: "maintenance", told, part: subject.part };
    }
    case "shift": {
      const read = await readShift(store, subject.shift);
      return read && { kind: "shift", shift: read.shift };
    }
    case "incident":
      return incidentShown(store, subject.incident);
    case "incident-update":
    case "update-reminder":
    case "incident-end":
      return readTold(store, subject);
    case "status-change":
      return readShownChange(store, subject);
    case "alert-storm":
      return readShownStorm(store, subject);
    case "alert-changes":
      return changesSaid(store, { id: subject.group, opened: subject.opened });
  }
}

async function readEnding(store: Store, silence: string): Promise<SubjectData | undefined> {
  const ending = await readSilenceEnding(store, silence);
  return ending && { kind: "silence-ending", ending };
}

async function readShownChange(
  store: Store,
  subject: Extract<Subject, { readonly kind: "status-change" }>,
): Promise<SubjectData | undefined> {
  const change = await readChange(store, subject);
  return change && { kind: "status-change", change, now: await store.now() };
}

async function readShownStorm(
  store: Store,
  subject: Extract<Subject, { readonly kind: "alert-storm" }>,
): Promise<SubjectData | undefined> {
  const storm = (await readStorm(store, subject))?.storm;
  return storm && { kind: "alert-storm", storm, part: subject.part ?? 0, now: await store.now() };
}

async function readDigestDetails(
  store: Store,
  subject: Extract<Subject, { readonly kind: "digest-details" }>,
): Promise<SubjectData | undefined> {
  const [read, standing] = await Promise.all([readDigest(store, subject), readMessage(store, subject.under)]);
  // What is still not there a day later is said under nothing.
  if (read?.record.state !== "made" || (await store.now()) > (read.record.madeAt ?? 0) + longestWaitMs)
    return undefined;
  // A message that stands nowhere, or was given up, has nothing said under it.
  const isThere = standing !== undefined && standing.ref.id !== "";
  return { kind: "digest-details", digest: read.record, ...(isThere && { under: standing.ref }) };
}

async function readShownPage(store: Store, id: string): Promise<SubjectData | undefined> {
  const read = await readPage(store, id);
  if (!read) return undefined;
  const codes = read.page.alerts.map(({ code }) => code);
  const standing = await readEscalations(store, codes);
  const escalations = [...standing.values()].map(escalationShown);
  return { kind: "page", page: read.page, escalations, now: await store.now() };
}

async function readTold(
  store: Store,
  subject: Extract<Subject, { readonly kind: "incident-update" | "update-reminder" | "incident-end" }>,
): Promise<SubjectData | undefined> {
  const [read, now] = await Promise.all([readIncident(store, subject.incident), store.now()]);
  if (!read) return undefined;
  const { incident } = read;
  if (subject.kind === "incident-end") return { kind: "incident-end", incident, at: subject.at, now };
  if (subject.kind === "incident-update") {
    const update = await readUpdate(store, { incident: subject.incident, number: subject.update });
    return update && { kind: "incident-update", incident, update, now };
  }
  const reminder = await readReminder(store, subject);
  return reminder && { kind: "update-reminder", incident, reminder, now };
}
