// `ws`, as its README shows a broadcast: the path is the room; what one says, all in the room hear. Usage: ws.js PORT

import { WebSocket, WebSocketServer } from "ws";

const rooms = new Map();
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]) });

server.on("connection", (socket, request) => {
  const room = rooms.get(request.url) ?? new Set();
  rooms.set(request.url, room.add(socket));
  socket.on("message", (text) => {
    for (const other of room) {
      if (other.readyState === WebSocket.OPEN) other.send(text, { binary: false });
    }
  });
  socket.on("error", () => socket.terminate());
  socket.on("close", () => room.delete(socket));
});
