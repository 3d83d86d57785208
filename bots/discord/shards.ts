import { SimpleShardingStrategy, type WebSocketShard } from 'discord.js'

type Connecting = { internalConnect(): Promise<void> }

/**
 * Connections that stay closed once they are closed. The library pauses for half a second before it connects again, and
 * a client that is ended in this pause would come back, with nobody to listen to it or to end it.
 */
class ClosedForGood extends SimpleShardingStrategy {
  override async destroy(...options: Parameters<SimpleShardingStrategy['destroy']>): Promise<void> {
    const { shards } = this as unknown as { shards: Map<number, WebSocketShard> }
    for (const shard of shards.values()) (shard as unknown as Connecting).internalConnect = async () => {}
    await super.destroy(...options)
  }
}

/** For discord.js's option `ws.buildStrategy`. */
export function buildStrategy(
  ...[manager]: ConstructorParameters<typeof SimpleShardingStrategy>
): SimpleShardingStrategy {
  return new ClosedForGood(manager)
}
