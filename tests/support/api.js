// The HTTP interface, as a program of somebody else would use it.
import assert from "node:assert/strict";

export const PASSWORD = "correct horse battery";

export class Api {
  constructor(url, token) {
    this.base = `${url}/api/v1/`;
    this.token = token;
  }

  /** The answer, whatever it is: `{status, body, headers}`. */
  async ask(method, path, body) {
    const headers = {};
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (body !== undefined || method !== "GET") headers["content-type"] = "application/json";
    const answer = await fetch(this.base + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text ? JSON.parse(text) : undefined,
    };
  }

  /** The body of an answer that has to be a success. */
  async call(method, path, body) {
    const answer = await this.ask(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  get(path) {
    return this.call("GET", path);
  }
  post(path, body = {}) {
    return this.call("POST", path, body);
  }
  put(path, body = {}) {
    return this.call("PUT", path, body);
  }
  patch(path, body) {
    return this.call("PATCH", path, body);
  }
  delete(path) {
    return this.call("DELETE", path);
  }

  /** Hands in a file; a message may name its id afterwards. */
  async upload(name, bytes, hints) {
    const form = new FormData();
    if (hints) form.set("hints", JSON.stringify(hints));
    form.set("file", new Blob([bytes]), name);
    const headers = { authorization: `Bearer ${this.token}` };
    const answer = await fetch(`${this.base}files`, { method: "POST", headers, body: form });
    const file = await answer.json();
    assert.ok(answer.status < 300, `${name}: ${answer.status} ${JSON.stringify(file)}`);
    return file;
  }

  say(room, text, more = {}) {
    return this.post(`rooms/${room}/messages`, { text, ...more });
  }
}

/** Makes an account. The first of a server owns it. Answers `{username, user, api, cookie}`. */
export async function register(url, username, display_name, more = {}) {
  const api = new Api(url);
  const answer = await api.ask("POST", "accounts", {
    username,
    password: PASSWORD,
    display_name,
    ...more,
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  const [name, value] = answer.headers.getSetCookie()[0].split(";")[0].split(/=(.*)/s);
  return {
    username,
    name: display_name,
    user: answer.body.user,
    api: new Api(url, answer.body.token),
    cookie: { name, value },
  };
}
