import { isOpen, type Request } from "../domain/approvals/request.ts";
import type { ShownRequest } from "../domain/approvals/run.ts";
import type { Attachment, Block, Card } from "../domain/messages/card.ts";
import { clock } from "../domain/text/moment.ts";
import { requestCard } from "./request.ts";
import { type StandsNow, standsNowBlocks } from "./stood.ts";

/** The bytes under the digest of a request: what people approve and what is executed. */
export function sealedFile({ code, sealed }: Request): Attachment {
  return {
    name: `request-${code}.json`,
    mediaType: "application/json",
    bytes: new TextEncoder().encode(sealed),
  };
}

/** What a request is shown with: its files, and its system as it stands now, where that is still to be decided on. */
interface Beside {
  readonly files: readonly [Attachment, ...Attachment[]];
  readonly stands: StandsNow | undefined;
}

/**
 * The card of a request as it stands now, with the file of its full plan, and whatever other files it comes with. It follows
 * nothing, so its title says of when it is; of what is over it says when that ended.
 */
export function wholeRequestCard(whole: ShownRequest, now: number, { files: [file, ...more], stands }: Beside): Card {
  const card = requestCard(whole, "whole");
  const { request } = whole;
  const note = `SHA-256 ${request.digest}. The code ${request.code} is its start.`;
  return {
    ...card,
    title: `${card.title}, at ${clock(isOpen(request.state) ? now : request.stateAt, now)}`,
    blocks: [
      ...card.blocks,
      ...(stands ? standsNowBlocks(stands) : []),
      { kind: "file", file: file.name, note },
      ...more.map(({ name }): Block => ({ kind: "file", file: name })),
    ],
    footer: `As it stood when shown, at ${clock(now, now)}; the card in the channel follows it.`,
  };
}
