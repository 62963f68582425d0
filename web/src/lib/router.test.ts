import { expect, it } from "vitest";
import { parse, paths } from "./router.svelte";

it.each([
  ["/", "", { name: "home" }],
  ["/r/7", "", { name: "room", room: 7 }],
  ["/r/7/", "", { name: "room", room: 7 }],
  ["/r/7/42", "", { name: "room", room: 7, seq: 42 }],
  ["/r/7/x", "", { name: "room", room: 7 }],
  ["/r/0", "", { name: "home" }],
  ["/r/-1", "", { name: "home" }],
  ["/r/99999999999999999999", "", { name: "home" }],
  ["/files", "", { name: "files" }],
  ["/activity", "", { name: "activity" }],
  ["/join", "#abc", { name: "join", code: "abc" }],
  ["/settings", "", { name: "settings", section: "" }],
  ["/settings/sounds", "", { name: "settings", section: "sounds" }],
  ["/elsewhere", "", { name: "home" }],
])("reads %s%s", (path, hash, route) => {
  expect(parse(path, hash)).toEqual(route);
});

it("writes what it reads", () => {
  expect(parse(paths.message(7, 42), "")).toEqual({ name: "room", room: 7, seq: 42 });
  expect(parse(paths.room(7), "")).toEqual({ name: "room", room: 7 });
});
