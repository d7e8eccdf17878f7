// Node's http module without what importing it takes along: an `import` reads every member, and some of them load fetch,
// WebSocket and HTTP/2, which is 13 MiB and a tenth of a server's start.
export const { Agent, createServer, request } = process.getBuiltinModule('node:http');
