/** Scoped class names come from the file's path, so that two builds of one commit are equal. */
export default {
  compilerOptions: { runes: true },
};
