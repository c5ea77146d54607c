import type { Attachment, Block, Card } from "../../domain/messages/card.ts";
import { fieldLines, inertLine, linesOf, type Passage, signed, tablePassages } from "./card-lines.ts";
import { plainCard } from "./plain-card.ts";

/** A platform's message while it is filled. It knows what fits, and how the platform writes it. */
export interface CardPage {
  passage(passage: Passage): void;
  /** A point in time, as the platform shows one in the reader's own zone. */
  moment(label: string, at: number): void;
  /** The picture, where the message can hold it; its words where not. */
  picture(image: Extract<Block, { kind: "image" }>): void;
}

/** Lays the summary and the blocks of a card out on a page. */
export function layOut(card: Card, page: CardPage): void {
  if (card.summary) page.passage({ style: "text", lines: linesOf(card.summary).map((text) => ({ text })) });
  for (const block of card.blocks) layOutBlock(block, page);
}

/** The words of a picture, as a passage that stands in its place. */
export function pictureWords({ alt }: Extract<Block, { kind: "image" }>): Passage {
  return { style: "text", lines: [{ text: inertLine(alt) }] };
}

/** The whole card as a plain text file, for what does not fit a message. */
export function wholeCardFile(card: Card, now: number): Attachment {
  return { name: "answer.txt", mediaType: "text/plain", bytes: new TextEncoder().encode(plainCard(card, now)) };
}

function layOutBlock(block: Block, page: CardPage): void {
  switch (block.kind) {
    case "text":
      return page.passage({
        style: "text",
        lines: linesOf(signed(block.tone ?? "neutral", block.text)).map((text) => ({ text })),
      });
    case "fields":
      return page.passage({ style: "text", lines: fieldLines(block.fields) });
    case "table":
      for (const passage of tablePassages(block.columns, block.rows)) page.passage(passage);
      return;
    case "code":
      return page.passage({ style: "code", lines: linesOf(block.text).map((text) => ({ text })) });
    case "list":
      return page.passage({
        style: block.ordered ? "ordered" : "bullet",
        lines: block.items.map((item) => ({ text: signed(item.tone ?? "neutral", inertLine(item.text)) })),
      });
    case "image":
      return page.picture(block);
    case "file":
      return page.passage({
        style: "text",
        lines: [{ strong: inertLine(block.file), text: ` ${inertLine(block.note ?? "")}` }],
      });
    case "moment":
      return page.moment(block.label, block.at);
  }
}
