import type { Subject } from "../domain/messages/subject.ts";

/**
 * What a notice of the format before is about. There a subject was told by the id of its notice alone; the id of a trouble
 * does not tell which, so it has none.
 */
export function subjectInId(notice: string): Subject | undefined {
  const [, kind, rest = ""] = /^(answer|request):(.*)$/s.exec(notice) ?? [];
  if (kind === "answer") return { kind, invocation: rest };
  const request = /^[0-9a-f]+(?=:)/.exec(rest)?.[0];
  return request === undefined ? undefined : { kind: "request", request };
}
