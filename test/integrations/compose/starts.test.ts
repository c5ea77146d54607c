import { expect, it } from "vitest";
import { readOf } from "./asking.ts";
import { container, program } from "./programs.ts";

const id = `sha256:${"c".repeat(64)}`;

/** Its engine has the image `here:1` alone. */
function stack() {
  const services = {
    api: { image: "here:1" },
    gone: { image: "gone:1" },
    fresh: { image: "here:1", pull_policy: "always" },
    kept: { image: "here:1", pull_policy: "never" },
    odd: { image: "odd:1" },
    ill: { image: "ill:1" },
  };
  return program(`
    if (words.includes("config")) console.log(${JSON.stringify(JSON.stringify({ services }))});
    else if (words.includes("ps")) console.log(${JSON.stringify(JSON.stringify(container))});
    else if (words.at(-1) === "here:1") console.log(${JSON.stringify(id)});
    else if (words.at(-1) === "odd:1") console.log("what");
    else if (words.at(-1) === "ill:1") { console.error("Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?"); process.exit(1); }
    else { console.error("Error response from daemon: No such image: " + words.at(-1)); process.exit(1); }
  `);
}

it.each([
  ["api", { image: "here:1", id }],
  ["kept", { image: "here:1", id }],
  // Whatever the registry has by then.
  ["gone", { image: "gone:1", id: "" }],
  ["fresh", { image: "here:1", id: "" }],
  ["odd", expect.stringMatching(/printed no id of an image/)],
  ["ill", expect.stringMatching(/the engine of docker does not answer/)],
  ["apo", expect.stringMatching(/there is no service apo: did you mean api/)],
])("a new container of %s would run what stands behind its image's name here", async (starts, said) => {
  expect(await readOf(stack(), { starts })).toEqual(said);
});
