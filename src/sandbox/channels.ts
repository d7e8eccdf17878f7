// The ways in and out of a sandbox.
import { Server, type Socket } from 'node:net';
import type { Readable } from 'node:stream';

const channelNames = ['frames', 'stdout', 'stderr', 'runtimeApi', 'endpoint'] as const;
export type ChannelName = (typeof channelNames)[number] | 'companion';

export interface Channels {
  frames: Socket;
  stdout: Readable;
  stderr: Readable;
  runtimeApi: Server;
  endpoint: Server;
  /** To the program beside a runtime with external extensions. */
  companion?: Socket;
}

/** Whether all that a sandbox has are there. */
export function isComplete(channels: Partial<Channels>, hasCompanion: boolean): channels is Channels {
  return channelNames.every((name) => channels[name]) && (!hasCompanion || channels.companion !== undefined);
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
