import { expect, it } from "vitest";
import { everyday } from "../../../src/bot/language/everyday.ts";
import { shippedSystems } from "../../fakes/shipped-systems.ts";
import { phrases } from "./phrases.ts";

const systems = await shippedSystems();

it("are more than 120", () => expect(phrases.length).toBeGreaterThanOrEqual(120));

it.each(phrases)("%s: %s", (typed, outcome) => {
  const heard = everyday(typed, systems);
  const said = heard?.atOnce ? `= ${heard.lines[0]}` : `? ${heard?.lines.join(" | ")}`;
  expect(heard ? said : "-").toBe(outcome);
});
