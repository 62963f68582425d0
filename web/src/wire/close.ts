// Why the server closes a socket, and what follows from it. The same table as crates/protocol/src/code.rs.

/** `again`: connect anew by itself · `signed-out`: the session is over · `stop`: a person has to do something. */
export type AfterClose = "again" | "signed-out" | "stop";

const TABLE: Record<number, AfterClose> = {
  1002: "stop", // protocol
  1007: "stop", // not text
  1009: "stop", // frame too large
  1012: "again", // restart
  4001: "again", // slow: we did not read fast enough
  4002: "again", // dead: nothing was heard from us
  4400: "stop", // bad hello
  4401: "signed-out",
  4408: "stop", // no hello in time
  4429: "stop", // too many sockets
};

/** What the table does not know (1001, 1006: the line broke) is worth another try. */
export function afterClose(code: number): AfterClose {
  return TABLE[code] ?? "again";
}
