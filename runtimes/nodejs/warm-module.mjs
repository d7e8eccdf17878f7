// An ES module handler for warm-up.mjs.
export const handler = async () => null;
