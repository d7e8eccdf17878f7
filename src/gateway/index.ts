// The door of the gateway.
export type { CallerDirectory } from './authenticate.ts';
export { defaultAccount } from './authenticate.ts';
export { debugProtocols } from './debug-protocols.ts';
export { Gateway } from './gateway.ts';
export { AddressInUseError, createHttpServer, listen, type OwnEndpoints, type OwnProtocols } from './http-server.ts';
export { signedCaller } from './signed-caller.ts';
export { ServiceTable } from './service-table.ts';
