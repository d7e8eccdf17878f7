// The five ways in and out of a sandbox.
import { Server, Socket } from 'node:net';

export const channelNames = ['frames', 'stdout', 'stderr', 'runtimeApi', 'endpoint'] as const;
export type ChannelName = (typeof channelNames)[number];

export type Channels = Record<ChannelName, Socket | Server>;

/** Closes what carries nothing more. Output that someone reads is left to end by itself. */
export function closeChannels(channels: Partial<Channels>): void {
  for (const [name, channel] of Object.entries(channels)) {
    if (channel instanceof Server) channel.close();
    else if (channel instanceof Socket && (name === 'frames' || channel.readableFlowing === null)) channel.destroy();
  }
}
