// Files to send, and sending them by the interface that programs use.
import assert from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";

/** A picture of upright stripes: `png(800, 400, [255, 0, 0], [0, 0, 255])` is red at the left and blue at the right. */
export function png(width, height, ...stripes) {
  const row = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x += 1) row.set(stripes[Math.floor((x * stripes.length) / width)], 1 + x * 3);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.concat(Array(height).fill(row)))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The smallest film of two pictures that there is: a GIF that moves. */
export const gif = () =>
  Buffer.from(
    "47494638396101000100f00000ff00000000ff21ff0b4e45545343415045322e30030100000021f9040414000000" +
      "2c000000000100010000020244010021f90404140000002c00000000010001000002024c01003b",
    "hex",
  );

/** What a field for files is given. */
export const chosen = (name, mimeType, buffer) => ({ name, mimeType, buffer });

/** Sends a file to a room; answers the message. */
export async function send(person, room, name, bytes, { type = "application/octet-stream", text = "" } = {}) {
  const form = new FormData();
  form.append("file", new Blob([bytes], { type }), name);
  const answer = await fetch(`${person.api.base}files`, {
    method: "POST",
    headers: { authorization: `Bearer ${person.api.token}` },
    body: form,
  });
  const file = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(file));
  return person.api.say(room, text, { client_id: crypto.randomUUID(), files: [file.id] });
}
