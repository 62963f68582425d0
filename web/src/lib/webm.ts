// A browser's recording does not know how long it is: its header was written before it ended. Players then show no length
// and cannot seek. The length is put in afterwards, into the one element of the header that may hold it.
// The format: RFC 8794 (EBML) and RFC 9559 (Matroska).

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const DURATION = 0x4489;
/** The header of a recording lies well within this. */
const HEADER = 4096;

type Element = { id: number; at: number; body: number; size: number | null; sizeAt: number };

/** The same recording with its length in it, or as it was where it is built in another way. */
export async function withDuration(recording: Blob, ms: number): Promise<Blob> {
  const bytes = new Uint8Array(await recording.slice(0, HEADER).arrayBuffer());
  const segment = find(bytes, SEGMENT, 0, bytes.length);
  // A segment of a known size would have to be counted anew, and knows its length already.
  if (!segment || segment.size !== null) return recording;
  const info = find(bytes, INFO, segment.body, bytes.length);
  if (!info?.size || info.body + info.size > bytes.length) return recording;
  if (find(bytes, DURATION, info.body, info.body + info.size)) return recording;

  // Two bytes of name, one of size, eight of a float: in milliseconds, the scale that recordings are written in.
  const duration = new Uint8Array(11);
  duration.set([0x44, 0x89, 0x88]);
  new DataView(duration.buffer).setFloat64(3, ms);
  const head = new Uint8Array(8);
  new DataView(head.buffer).setBigUint64(0, BigInt(info.size + duration.length));
  head[0] = 0x01; // a size of eight bytes
  const end = info.body + info.size;
  const parts = [
    bytes.slice(0, info.sizeAt),
    head,
    bytes.slice(info.body, end),
    duration,
    recording.slice(end),
  ];
  return new Blob(parts, { type: recording.type });
}

function find(bytes: Uint8Array, id: number, from: number, to: number): Element | undefined {
  let at = from;
  while (at < to) {
    const element = read(bytes, at);
    if (!element) return undefined;
    if (element.id === id) return element;
    if (element.size === null) return undefined;
    at = element.body + element.size;
  }
  return undefined;
}

function read(bytes: Uint8Array, at: number): Element | undefined {
  const named = Math.clz32(bytes[at] ?? 0) - 24 + 1;
  if (named > 4 || at + named >= bytes.length) return undefined;
  let id = 0;
  for (let i = 0; i < named; i += 1) id = id * 256 + bytes[at + i]!;
  const sizeAt = at + named;
  const wide = Math.clz32(bytes[sizeAt] ?? 0) - 24 + 1;
  if (wide > 8 || sizeAt + wide > bytes.length) return undefined;
  let size = bytes[sizeAt]! & (0xff >> wide);
  let unknown = size === 0xff >> wide;
  for (let i = 1; i < wide; i += 1) {
    const byte = bytes[sizeAt + i]!;
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  return { id, at, body: sizeAt + wide, size: unknown ? null : size, sizeAt };
}
