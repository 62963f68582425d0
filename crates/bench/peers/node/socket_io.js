// Socket.IO: what one says, all in the room hear. Usage: socket_io.js PORT

import { Server } from "socket.io";

const server = new Server({ transports: ["websocket"], serveClient: false });

server.on("connection", (socket) => {
  socket.on("enter", (room) => {
    socket.data.room = room;
    socket.join(room);
    socket.emit("entered");
  });
  socket.on("say", (text) => server.to(socket.data.room).emit("said", text));
});

server.listen(Number(process.argv[2]));
