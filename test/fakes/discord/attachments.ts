import type { Call } from "./call.ts";
import { refuse, refuseBadForm } from "./refusal.ts";
import { type FakeMessage, fieldsOf, listOf } from "./world.ts";

/** Discord takes files of 10 MiB from a bot: interactions say so as `attachment_size_limit`. */
export const largestFileBytes = 10 * 1024 * 1024;

/** The files a message has afterwards. An edit that lists its attachments keeps those it names, and no other. */
export function attachmentsAfter(
  { body, files, world }: Pick<Call, "body" | "files" | "world">,
  before: FakeMessage["attachments"],
): FakeMessage["attachments"] {
  if (files.some((file) => file.bytes.length > largestFileBytes)) refuse(413, 40_005, "Request entity too large");
  const listed = body["attachments"] === undefined ? undefined : listOf(body["attachments"]).map(fieldsOf);
  const kept = before.filter((each) => listed === undefined || listed.some(({ id }) => String(id) === each.id));
  const unknown = (listed ?? []).flatMap(({ id }, index) =>
    files.some((file) => file.key === String(id)) || before.some((each) => each.id === String(id)) ? [] : [index],
  );
  refuseBadForm(unknown.map((index) => `attachments[${index}].id: ATTACHMENT_NOT_FOUND`));
  const sent = files.map(({ key, name, bytes }) => {
    const renamed = listed?.find(({ id }) => String(id) === key)?.["filename"];
    return { id: world.id(), name: typeof renamed === "string" ? renamed : name, bytes };
  });
  return [...kept, ...sent];
}
