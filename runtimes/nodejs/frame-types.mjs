// The types of frames on the channel to the platform; the wire format is described in src/sandbox/frames.ts.

export const FrameType = {
  assign: 1,
  invoke: 2,
  booted: 16,
  ready: 17,
  initError: 18,
  response: 19,
  error: 20,
  log: 21,
  responseStart: 22,
  responseChunk: 23,
};
