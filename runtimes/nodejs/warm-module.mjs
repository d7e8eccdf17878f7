// An ES module handler for rehearse.mjs.
export const handler = async (event) => {
  if (event.fail) throw new Error('warm');
  return event;
};
