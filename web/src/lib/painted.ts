/** Acts once what stands now was painted; a page that nobody sees paints nothing, and acts a moment later all the same. */
export function afterPaint(act: () => void): () => void {
  let done = false;
  const once = () => {
    if (!done) act();
    done = true;
  };
  const late = setTimeout(once, 200);
  requestAnimationFrame(() => requestAnimationFrame(once));
  return () => {
    done = true;
    clearTimeout(late);
  };
}
