// Part of the page, not of its making: fetches the styles that a lazy part of it needs, then its script. Styles that could not be
// fetched are forgotten, so that whoever asks again gets them. A script is no second time asked for by a browser that could not
// fetch it: so its styles go first, and where there is no line at all, it is not asked for.
const there = new Map();
const had = new Set();

function link(dep) {
  const href = `/${dep}`;
  const rel = dep.endsWith(".css") ? "stylesheet" : "modulepreload";
  const fetched = () =>
    new Promise((onload, failed) => {
      const onerror = () => {
        node.remove();
        there.delete(href);
        failed(new Error(href));
      };
      const node = Object.assign(document.createElement("link"), {
        rel,
        href,
        crossOrigin: "",
        onload,
        onerror,
      });
      document.head.append(node);
    });
  // Some stand in the page itself.
  if (!there.has(href)) there.set(href, document.querySelector(`link[href="${href}"]`) ?? fetched());
  return there.get(href);
}

export async function __vitePreload(load, deps = []) {
  const name = String(load);
  if (!navigator.onLine && !had.has(name)) throw new Error(name);
  await Promise.all(deps.map(link));
  const part = await load();
  had.add(name);
  return part;
}
