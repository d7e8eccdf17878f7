// A CommonJS handler for rehearse.mjs.
exports.handler = async (event) => {
  if (event.fail) throw new Error('warm');
  return event;
};
