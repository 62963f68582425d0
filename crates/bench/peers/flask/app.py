"""Flask-SocketIO under gevent, as its documentation advises for production: what one says, all in the room hear.

Usage: app.py PORT [DATABASE]. With a database every message is committed to it (WAL, synchronous=FULL) first.
"""

from gevent import monkey

monkey.patch_all()

import sqlite3
import sys

from flask import Flask, request
from flask_socketio import SocketIO, emit, join_room, rooms

app = Flask(__name__)
socketio = SocketIO(app, async_mode="gevent", logger=False, engineio_logger=False)
database = sqlite3.connect(sys.argv[2], check_same_thread=False) if len(sys.argv) > 2 else None
if database:
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, room TEXT, author TEXT, text TEXT)")
    database.commit()


@socketio.on("enter")
def enter(room):
    join_room(room)
    emit("entered")


@socketio.on("say")
def say(text):
    room = next(room for room in rooms() if room != request.sid)
    if database:
        database.execute("INSERT INTO messages (room, author, text) VALUES (?, ?, ?)", (room, request.sid, text))
        database.commit()
    emit("said", text, to=room)


if __name__ == "__main__":
    socketio.run(app, host="127.0.0.1", port=int(sys.argv[1]))
