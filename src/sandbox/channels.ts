// The five ways in and out of a sandbox.
import { Server, type Socket } from 'node:net';
import type { Readable } from 'node:stream';

export const channelNames = ['frames', 'stdout', 'stderr', 'runtimeApi', 'endpoint'] as const;
export type ChannelName = (typeof channelNames)[number];

export interface Channels {
  frames: Socket;
  stdout: Readable;
  stderr: Readable;
  runtimeApi: Server;
  endpoint: Server;
}

/**
 * Closes what carries nothing more. What someone reads is left to end by itself: the last words of a runtime that has
 * ended may still be on their way.
 */
export function closeChannels(channels: Partial<Channels>): void {
  for (const channel of Object.values(channels)) {
    if (channel instanceof Server) channel.close();
    else if (channel.readableFlowing !== true) channel.destroy();
  }
}
