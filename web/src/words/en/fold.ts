// Below a long message.
export const fold = { more: "Show all", less: "Show less" };
