import { expect, it } from "vitest";
import { linesOf, wardroom } from "./config-folder.ts";

const digest = (sections: string): Record<string, string> => ({
  "wardroom.yaml": `${wardroom}digests: { own: [{ id: day, at: "08:00", channels: [ops], sections: [${sections}] }] }\n`,
});

it.each([
  ["change", "is expected, not the text `change`. Did you mean `changes`?"],
  ["metricks", "or a map is expected, not the text `metricks`. Write one that is allowed or a map."],
  ["figures", "a section figures has to say metrics: { section: figures, metrics: … }. Correct `figures`."],
  ["{ section: figurs }", "Did you mean `figures`?"],
])("a digest with the section %s is told what may stand there", async (section, says) => {
  const lines = (await linesOf(digest(section))).filter((line) => line.includes("sections[0]"));
  expect(lines.join("\n")).toContain(says);
  expect(lines).toHaveLength(1);
});

it("a channel that is not there is told also of a system that has no digest", async () => {
  const lines = await linesOf({ "wardroom.yaml": `${wardroom}digests: { post: { radar: [opps] } }\n` });
  expect(lines.join("\n")).toContain("digests.post.radar[0]: there is no channel called `opps`. Did you mean `ops`?");
});
