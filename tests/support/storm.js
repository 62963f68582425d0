// Writers, readers, and a server that is killed under them again and again.
import { setTimeout as wait } from "node:timers/promises";
import { register } from "./api.js";
import { checkCopy, checkLog, wholeLog } from "./check.js";
import { Follower } from "./follower.js";
import { Program } from "./program.js";

/**
 * Lets `writers` talk, half of them by HTTP, while the server is killed `kills` times, and answers what was wrong
 * at the end (an empty list, where all is well) with the number of messages.
 */
export async function storm({
  writers = 20,
  readers = 3,
  kills = 30,
  patience = 30_000,
  program: options = {},
} = {}) {
  const program = await Program.start(options);
  const talking = new Talking();
  try {
    const owner = await register(program.url, "owner", "Owner");
    const people = [owner];
    for (let n = 1; n < writers + readers; n += 1)
      people.push(await register(program.url, `p${n}`, `Person ${n}`));
    const { id: room } = await owner.api.post("rooms", { name: "Storm" });
    await owner.api.post(`rooms/${room}/members`, {
      users: people.slice(1).map(({ user }) => user.id),
    });

    const followers = people.map((person) =>
      Object.assign(new Follower(program, person.api.token, [room]), {
        person,
      }),
    );
    await Promise.all(followers.map((follower) => follower.open()));
    const talk = followers
      .slice(0, writers)
      .map((follower, n) => (n % 2 ? byHttp : bySocket)(follower, room, talking));

    for (let kill = 0; kill < kills; kill += 1) {
      // At a random moment of real traffic: right after an acknowledgement, when what was acknowledged too early is not
      // on the disk yet, or some time after it.
      await Promise.race([talking.more(1 + Math.floor(Math.random() * 40)), wait(3_000)]);
      if (kill % 2 === 1) await wait(Math.random() * 20);
      await program.kill();
      await program.up();
    }
    talking.on = false;
    const stuck = wait(patience, ["writers are stuck: what they sent is never acknowledged"], { ref: false });
    const wrongs = (await Promise.race([Promise.all(talk).then(() => []), stuck])) ?? [];

    const log = await wholeLog(owner.api, room);
    const late = Date.now() + patience / 3;
    while (followers.some(({ copies }) => copies.get(room).length < log.length) && Date.now() < late)
      await wait(10);
    for (const follower of followers) follower.close();

    const acked = followers.flatMap(({ person, acked }) =>
      [...acked].map(([id, seq]) => [person.user.id, id, seq]),
    );
    wrongs.push(...checkLog(log, acked));
    for (const { person, copies, wrongs: seen } of followers) {
      wrongs.push(...seen.map((wrong) => `${person.username}: ${wrong}`));
      wrongs.push(...checkCopy(person.username, copies.get(room), log));
    }
    return { wrongs, messages: acked.length };
  } finally {
    // Writers that are stuck would try again for ever.
    talking.over = true;
    await program.close();
  }
}

/** How the talk goes: whether it goes on, and how much was acknowledged. */
class Talking {
  on = true;
  over = false;
  #waiting = { left: 0, go: () => {} };

  /** When so many more are acknowledged. */
  more(left) {
    return new Promise((go) => {
      this.#waiting = { left, go };
    });
  }

  acknowledged() {
    this.#waiting.left -= 1;
    if (this.#waiting.left === 0) this.#waiting.go();
  }
}

/** Keeps two messages under way, until it is time to stop and all are acknowledged. */
function bySocket(follower, room, talking) {
  let n = 0;
  return new Promise((done) => {
    const next = () => {
      if (talking.on) {
        n += 1;
        follower.send(room, `s${n}`, `socket ${n}`);
      } else if (follower.pending.size === 0) done();
    };
    follower.onack = () => {
      talking.acknowledged();
      next();
    };
    next();
    next();
  });
}

/** Sends one after the other, each again and again until it is acknowledged. */
async function byHttp(follower, room, talking) {
  const { api, user } = follower.person;
  for (let n = 1; talking.on; n += 1) {
    while (!talking.over) {
      const answer = await api
        .ask("POST", `rooms/${room}/messages`, {
          client_id: `h${n}`,
          text: `http ${n}`,
        })
        .catch(() => null);
      if (answer && answer.status < 300) {
        if (answer.body.author !== user.id)
          follower.wrongs.push(`h${n} came back as ${JSON.stringify(answer.body)}`);
        follower.acked.set(`h${n}`, answer.body.seq);
        talking.acknowledged();
        break;
      }
      if (answer && answer.status < 500)
        follower.wrongs.push(`h${n}: ${answer.status} ${JSON.stringify(answer.body)}`);
      await wait(5 + Math.random() * 20);
    }
  }
}
