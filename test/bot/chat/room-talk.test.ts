import { expect, it } from "vitest";
import { readToDo } from "../../../src/bot/chat/room-talk.ts";

it.each([
  ["todo roll back", { text: "roll back" }],
  ["To-do: roll\nback", { text: "roll back" }],
  ["TO-DO - roll back", { text: "roll back" }],
  ["todo <@U2|ben> roll back", { text: "roll back", owner: "<@U2|ben>" }],
  ["todo: roll back, <@!22> and <@33>", { text: "roll back, and <@33>", owner: "<@!22>" }],
  ["todo", undefined],
  ["todo: x", undefined],
  ["todos of today", undefined],
  ["what is todo", undefined],
  ["", undefined],
])("%j asks for %j", (said, asked) => {
  expect(readToDo(said)).toEqual(asked);
});

it("a long one is cut to what a task holds", () => {
  expect(readToDo(`todo ${"long ".repeat(300)}`)?.text.length).toBeLessThanOrEqual(600);
});
