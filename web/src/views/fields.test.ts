import { describe, expect, it } from "vitest";
import { Fields } from "./fields.svelte";

type Server = { name: string; join: string };
function open(stands: Server) {
  const house = { stands };
  return { house, fields: new Fields(() => house.stands) };
}

describe("a form over what stands already", () => {
  it("sends nothing where nothing was changed", () => {
    const { house, fields } = open({ name: "Parlour", join: "anyone" });
    house.stands = { name: "Salon", join: "nobody" };
    expect(fields.now).toEqual({ name: "Salon", join: "nobody" });
    expect(fields.changes).toEqual({});
    expect(fields.changed).toBe(false);
  });

  it("sends what was changed, and not what was changed elsewhere meanwhile", () => {
    const { house, fields } = open({ name: "Parlour", join: "anyone" });
    fields.now.name = "Salon ";
    house.stands = { name: "Parlour", join: "nobody" };
    expect(fields.now).toEqual({ name: "Salon ", join: "nobody" });
    expect(fields.changes).toEqual({ name: "Salon" });
  });

  it("has a field that was put back follow again", () => {
    const { house, fields } = open({ name: "Parlour", join: "anyone" });
    fields.now.join = "nobody";
    fields.now.join = "anyone";
    house.stands = { name: "Parlour", join: "invited" };
    expect(fields.now.join).toBe("invited");
    expect(fields.changes).toEqual({});
  });

  it("does not send again what was sent, unless more was written meanwhile", () => {
    const { house, fields } = open({ name: "Parlour", join: "anyone" });
    fields.now.name = "Salon";
    fields.now.join = "invited";
    const changes = fields.changes;
    fields.now.name = "Salons";
    house.stands = { name: "Salon", join: "invited" };
    fields.sent(changes);
    house.stands = { name: "Salon", join: "nobody" };
    expect(fields.changes).toEqual({ name: "Salons" });
    expect(fields.now.join).toBe("nobody");
  });

  it("knows that something else stands by now where I write", () => {
    const { house, fields } = open({ name: "Parlour", join: "anyone" });
    house.stands = { name: "Salon", join: "anyone" };
    fields.now.name = "Saloon";
    expect(fields.overtaken("name")).toBe(false);
    house.stands = { name: "Lounge", join: "anyone" };
    fields.now.name = "Salooon";
    expect(fields.overtaken("name")).toBe(true);
    expect(fields.overtaken("join")).toBe(false);
    house.stands = { name: "Salooon", join: "anyone" };
    expect(fields.overtaken("name")).toBe(false);
  });
});
