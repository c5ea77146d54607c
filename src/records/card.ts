import { z } from "zod";
import type { Card } from "../domain/messages/card.ts";

/** A card as it was committed. It was typed when it was written; what reads it back only shows it. */
export const KeptCard = z.custom<Card>(
  (value) => typeof value === "object" && value !== null && "title" in value && "blocks" in value,
);
