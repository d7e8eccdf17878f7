// A CommonJS handler for warm-up.mjs.
exports.handler = async () => null;
