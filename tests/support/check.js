// What must be true of a room's log, whatever happened to the server. Answers what is wrong, in words.

/** The whole log, by HTTP. */
export async function wholeLog(api, room) {
  const log = [];
  for (;;) {
    const { events, head } = await api.get(`rooms/${room}/events?after=${log.at(-1)?.seq ?? 0}&limit=1000`);
    log.push(...events);
    if (events.length === 0 || log.at(-1).seq >= head) return log;
  }
}

/** `acked` is a list of `[author, client_id, seq]`. */
export function checkLog(log, acked) {
  const wrongs = [];
  log.forEach((event, i) => {
    if (event.seq !== i + 1) wrongs.push(`seq ${event.seq} stands at place ${i + 1}`);
    if (i > 0 && event.at < log[i - 1].at) wrongs.push(`seq ${event.seq} is older than the one before it`);
  });
  const bySeq = new Map(log.map((event) => [event.seq, event]));
  const times = new Map();
  for (const { kind, author, client_id } of log) {
    if (kind !== "message") continue;
    const key = `${author}/${client_id}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  for (const [key, n] of times) if (n > 1) wrongs.push(`${key} appears ${n} times`);
  for (const [author, client_id, seq] of acked) {
    const event = bySeq.get(seq);
    if (event?.client_id !== client_id || event.author !== author) {
      wrongs.push(`${author}/${client_id} was acknowledged as ${seq}, and ${JSON.stringify(event)} is there`);
    }
  }
  return wrongs;
}

/** A reader's copy must be the log, byte by byte. */
export function checkCopy(name, copy, log) {
  const wrongs = [];
  if (copy.length !== log.length) wrongs.push(`${name} holds ${copy.length} events of ${log.length}`);
  const canonical = (event) => JSON.stringify(event, Object.keys(event).sort());
  for (let i = 0; i < Math.min(copy.length, log.length); i += 1) {
    if (canonical(copy[i]) === canonical(log[i])) continue;
    wrongs.push(`${name}: ${JSON.stringify(copy[i])} is not ${JSON.stringify(log[i])}`);
    break;
  }
  return wrongs;
}
