import assert from "node:assert/strict";
import { eventually, gone, house, see } from "../support/house.js";
import { composer, press, row, say } from "../support/screens.js";

const home = house();
home.prepare(async () => {
  await home.person("bo", "Bo Lind");
  await home.person("cleo", "Cleo Marsh");
  await home.person("dora", "Dora Keen");
  await home.person("emil", "Emil Vass");
});

home.scene("typing is shown of one, two and several, and ends", async () => {
  const names = ["ana", "bo", "cleo", "dora", "emil"];
  const [ana, bo, cleo, dora, emil] = await Promise.all(names.map((name) => home.page(home.people[name])));
  for (const page of [ana, bo, cleo, dora, emil]) await see(composer(page));

  await composer(bo).pressSequentially("I think");
  await see(ana.getByText("Bo Lind is typing"));
  await composer(cleo).pressSequentially("so do I");
  await eventually(async () => {
    await composer(bo).pressSequentially(".");
    await composer(cleo).pressSequentially(".");
    assert.ok(await ana.getByText(/(Bo Lind and Cleo Marsh|Cleo Marsh and Bo Lind) are typing/).isVisible());
  });
  await eventually(async () => {
    for (const page of [bo, cleo, dora, emil]) await composer(page).pressSequentially(".");
    assert.ok(await ana.getByText("Several people are typing").isVisible());
  });
  // One does not see oneself type.
  assert.equal(await bo.getByText(/Bo Lind is typing/).count(), 0);

  for (const page of [cleo, dora, emil]) await composer(page).fill("");
  await say(bo, "said");
  await gone(ana.getByText(/typing/));
});

home.scene("presence follows the connections: two tabs, one away, both closed", async () => {
  const ana = await home.page(home.people.ana);
  await see(composer(ana));
  await home.people.ana.api.post("direct", {
    users: [home.people.bo.user.id],
  });
  await see(row(ana, "Bo Lind"));
  const reads = (pattern) =>
    eventually(async () => assert.match(await row(ana, "Bo Lind").innerText(), pattern));
  await reads(/Not here/);

  const bo = await home.page(home.people.bo);
  await see(composer(bo));
  await reads(/Here/);
  const second = await home.tab(bo.context());
  await see(composer(second));

  // The one tab is hidden: he is still here in the other. Both hidden: away.
  await bo.evaluate(() => globalThis.__hide(true));
  await second.evaluate(() => globalThis.__hide(true));
  await reads(/Away/);
  await second.evaluate(() => globalThis.__hide(false));
  await reads(/Here/);

  await second.close();
  await reads(/Away/);
  await bo.close();
  await reads(/Not here/);
});

home.scene("the panel of people says it too", async () => {
  const ana = await home.page(home.people.ana, { path: `/r/${home.lobby.id}` });
  await press(ana, /^People: /);
  const panel = ana.getByRole("complementary", { name: "People" });
  await see(panel.getByRole("button", { name: /Cleo Marsh.* Not here$/ }));
  const cleo = await home.page(home.people.cleo);
  await see(composer(cleo));
  await see(panel.getByRole("button", { name: /Cleo Marsh.* Here$/ }));
});
