// UUIDv7: in the order of their making, also within one millisecond, which keeps the server's index on them cheap and
// lets a client sort by them. Not crypto.randomUUID: that one is missing on pages without TLS.
let last = 0;
let count = 0;

export function uuid7(now = Date.now()): string {
  // Never backwards, whatever the clock does.
  if (now > last) {
    last = now;
    count = 0;
  } else {
    count += 1;
    if (count > 0xfff) {
      last += 1;
      count = 0;
    }
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0]! & 0x3f) | 0x80;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const time = hex(last, 12);
  const tail = [...random].map((byte) => hex(byte, 2)).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(count, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
