// What the program asks of the system, in order, as strace tells it.

const LINE = /^(?<pid>\d+)\s+(?<call>.*)$/;

/**
 * The calls of a trace of several threads (`strace -f`), each with its number, where it began and where it ended:
 * `{name, text, began, ended}`. A call that was interrupted by another thread's is put together again.
 */
export function calls(trace) {
  const done = [];
  const open = new Map();
  trace.split("\n").forEach((line, at) => {
    const found = LINE.exec(line);
    if (!found) return;
    const { pid, call } = found.groups;
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/s.exec(call);
    if (resumed) {
      const begun = open.get(pid);
      open.delete(pid);
      if (begun) done.push({ ...begun, text: begun.text + resumed[2], ended: at });
      return;
    }
    const name = /^(\w+)\(/.exec(call)?.[1];
    if (!name) return;
    if (call.endsWith("<unfinished ...>")) open.set(pid, { name, text: call, began: at });
    else done.push({ name, text: call, began: at, ended: at });
  });
  return done;
}

/**
 * What is wrong with the answers to messages: each must be written only after a sync of the log file that began
 * after the message was written there.
 */
export function unsynced(trace, texts) {
  const all = calls(trace);
  const wrongs = [];
  for (const { text, answer } of texts) {
    const written = all.find(
      (call) =>
        /^pwrite64|^pwritev|^write/.test(call.name) &&
        call.text.includes(text) &&
        !call.text.includes(answer),
    );
    const told = all.find(
      (call) => /^(write|writev|sendto|sendmsg)$/.test(call.name) && call.text.includes(answer),
    );
    if (!written) wrongs.push(`${text} is written nowhere`);
    else if (!told) wrongs.push(`${text} is not answered`);
    else if (
      !all.some(
        (call) =>
          /sync/.test(call.name) &&
          call.began > written.ended &&
          call.ended < told.began &&
          /= 0$/.test(call.text),
      )
    ) {
      wrongs.push(`${text} is answered before it is on the disk`);
    }
  }
  return wrongs;
}
