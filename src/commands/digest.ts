import { z } from "zod";
import { askDigest, askedDigest } from "../acts/digests/ask-digest.ts";
import { digestCard, digestDetailsCard } from "../cards/digest.ts";
import { digestAskedCard, digestHistoryCard, digestListCard } from "../cards/digest-list.ts";
import { type CommandContext, defineCommand, doneBy, viewerOf } from "../domain/commands/command.ts";
import type { Digest } from "../domain/digests/digest.ts";
import { slotAfter } from "../domain/digests/schedule.ts";
import { UserError } from "../domain/failure.ts";
import type { Permission } from "../domain/people/person.ts";
import { may } from "../domain/people/viewer.ts";
import { nearest } from "../domain/text/distance.ts";
import { pictureFiles } from "../reads/digests/draw-digest.ts";
import { makeDigest } from "../reads/digests/make-digest.ts";
import { digestOfDate, pastOfDigest } from "../reads/past-digests.ts";

const digestName = z.string().min(1).max(80).meta({
  label: "Digest",
  help: "Its name, as digest list shows it",
  positional: true,
  suggest: "digests",
});
/** As many of the past are listed. */
const mostListed = 31;

/** Those of whose systems the person may read every one here. */
export const digestList = defineCommand({
  name: "digest list",
  summary: "Digests there are, when each is due next, and what became of the last",
  permission: "read",
  examples: ["digest list"],
  input: z.object({ digest: digestName.meta({ help: "Its past; all digests when left out" }).optional() }),
  async run(input, context) {
    const { store, invocation } = context;
    const { now } = invocation;
    if (input.digest !== undefined) {
      const digest = digestNamed(context, input.digest, "read");
      return {
        card: digestHistoryCard(digest, await pastOfDigest(store, digest.name, { until: now, limit: mostListed })),
      };
    }
    const listed = await Promise.all(
      digestsFor(context, "read").map(async (digest) => {
        const [last] = await pastOfDigest(store, digest.name, { until: now, limit: 1 });
        return { digest, next: slotAfter(digest, now), last };
      }),
    );
    return { card: digestListCard(listed, now) };
  },
});

/** Made anew and shown to whoever asks; nothing is posted and nothing kept. */
export const digestPreview = defineCommand({
  name: "digest preview",
  summary: "A digest as it would be now, shown to you alone",
  permission: "read",
  examples: ["digest preview {digest}"],
  input: z.object({
    digest: digestName,
    full: z.boolean().default(false).meta({ label: "Full", help: "With every line, as in its thread" }),
  }),
  async run(input, context) {
    const digest = digestNamed(context, input.digest, "read");
    const by = doneBy(context.invocation);
    const record = askedDigest(digest, await context.store.now(), by);
    const systems = digest.systems.flatMap((id) => context.systems.find(id) ?? []);
    const ports = { ...context, policy: context.people.policy() };
    const { picture, ...found } = await makeDigest(ports, { digest, record, systems });
    const made = { ...record, ...found, madeAt: record.to };
    if (input.full) return { card: digestDetailsCard(made), private: true };
    const files = await pictureFiles(context.charts, picture);
    return { card: digestCard(made, files), files, private: true };
  },
});

/** As it was read then: it says the same for ever. */
export const digestShow = defineCommand({
  name: "digest show",
  summary: "A digest of the past, in full",
  permission: "read",
  examples: ["digest show {digest}"],
  input: z.object({
    digest: digestName,
    date: z
      .string()
      .max(80)
      .optional()
      .meta({ label: "Date", help: "2026-11-29; the last when left out", positional: true }),
  }),
  async run(input, context) {
    const { store, invocation } = context;
    const digest = digestNamed(context, input.digest, "read");
    const { name } = digest;
    const made = await digestOfDate(store, name, { slot: input.date, until: invocation.now });
    if (made?.state === "made") return { card: digestDetailsCard(made) };
    const of = input.date === undefined ? "" : ` of ${input.date}`;
    const why = made?.state === "missed" ? `was missed: ${made.why ?? "nobody knows why"}` : "is not on record";
    throw new UserError(`The digest ${name}${of} ${why}.`, `digest list ${name} shows what is.`);
  },
});

/** Posted to its channels, besides what its slots post. */
export const digestNow = defineCommand({
  name: "digest now",
  summary: "Post a digest to its channels now, besides its schedule",
  permission: "respond",
  examples: ["digest now {digest}"],
  input: z.object({ digest: digestName }),
  async run(input, context) {
    const digest = digestNamed(context, input.digest, "respond");
    if (digest.channels.length === 0)
      throw new UserError(
        `The digest ${digest.name} has no channel.`,
        `Name some under digests.post in wardroom.yaml, or use digest preview ${digest.name}.`,
      );
    await askDigest(context.store, digest, doneBy(context.invocation));
    return { card: digestAskedCard(digest) };
  },
});

function digestsFor(context: CommandContext, permission: Permission): readonly Digest[] {
  const viewer = viewerOf(context);
  return context.digests.filter(({ systems }) => systems.every((system) => may(viewer, permission, system).allowed));
}

/** One that may not be seen is told as one that is not there. */
function digestNamed(context: CommandContext, text: string, permission: Permission): Digest {
  const wanted = text.trim().toLowerCase();
  const readable = digestsFor(context, "read");
  const found = readable.find(({ name }) => name === wanted);
  if (!found) {
    const names = readable.map(({ name }) => name);
    const meant = nearest(wanted, names);
    const remedy = meant === undefined ? `There is ${names.join(", ") || "none"}.` : `Did you mean ${meant}?`;
    throw new UserError(`There is no digest ${text} that you may see here.`, remedy);
  }
  for (const system of found.systems) {
    const verdict = may(viewerOf(context), permission, system);
    if (!verdict.allowed) throw new UserError(verdict.why, verdict.remedy);
  }
  return found;
}
