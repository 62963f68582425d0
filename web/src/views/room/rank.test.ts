import { expect, it } from "vitest";
import { howFits, ranked } from "./rank";

it.each([
  ["ana", 0],
  ["an", 1],
  ["fer", 2],
  ["rei", 3],
  ["ferreira", 2],
  ["zoë", undefined],
  ["", 1],
])("says how well %j fits Ana Ferreira", (query, rank) => {
  expect(howFits(query, "Ana Ferreira", "ana")).toBe(rank);
});

it("does not mind accents, on either side", () => {
  expect(howFits("zoe", "Zoë Ångström")).toBe(1);
  expect(howFits("ång", "Zoe Angstrom")).toBe(2);
  expect(howFits("gst", "Zoë Ångström")).toBe(3);
  expect(howFits("bench", "bike-bench")).toBe(2);
});

it("puts who spoke last before who only comes first by name, and the start of a word before its middle", () => {
  const person = (name: string, spoke = Number.POSITIVE_INFINITY) => ({
    it: { name },
    fit: howFits("an", name)!,
    spoke,
  });
  const names = ranked([
    person("Andrea"),
    person("Bo Andersen", 1),
    person("Jana", 0),
    person("Zoe Anker", 0),
    person("Anker"),
  ]).map(({ name }) => name);
  expect(names).toEqual(["Zoe Anker", "Bo Andersen", "Andrea", "Anker", "Jana"]);
});
