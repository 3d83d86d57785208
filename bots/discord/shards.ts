import { SimpleShardingStrategy, type WebSocketShard } from 'discord.js'

type Connecting = { internalConnect(): Promise<void> }

/**
 * Connections that stay closed. The library pauses for half a second before it connects again. A client that is
 * destroyed in this pause would connect again, with nobody to listen to it or to close it.
 */
class ClosedForGood extends SimpleShardingStrategy {
  override async destroy(...options: Parameters<SimpleShardingStrategy['destroy']>): Promise<void> {
    const { shards } = this as unknown as { shards: Map<number, WebSocketShard> }
    for (const shard of shards.values()) (shard as unknown as Connecting).internalConnect = async () => {}
    await super.destroy(...options)
  }
}

/** The value of discord.js's option `ws.buildStrategy`. */
export function buildStrategy(
  ...[manager]: ConstructorParameters<typeof SimpleShardingStrategy>
): SimpleShardingStrategy {
  return new ClosedForGood(manager)
}
