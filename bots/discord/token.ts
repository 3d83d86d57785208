import { type Client, DiscordAPIError, Routes } from 'discord.js'
import type { Logger } from 'pino'
import type { DoorFailed } from '../../src/talk/chat/connection.ts'
import { describe } from './failure.ts'
import { tokenRefused } from './refusals.ts'

/**
 * Returns a function to call at each 401. It asks Discord about the token, since one 401 may be Discord's own mistake
 * or about something else. The gateway keeps the connection of a revoked token for a while, so the door would look
 * healthy. `lost` is called once.
 */
export function watchToken(client: Client<true>, log: Logger, lost: (failure: DoorFailed) => void): () => void {
  let isLooking = false
  return () => {
    if (isLooking) return
    isLooking = true
    void look()
  }

  async function look(): Promise<void> {
    try {
      await client.rest.get(Routes.user())
      log.warn('Discord refused one request for its token, and takes the token all the same')
      isLooking = false
    } catch (error) {
      const isRefused = error instanceof DiscordAPIError && error.status === 401
      if (!isRefused) {
        isLooking = false
        return log.warn({ reason: describe(error) }, 'whether Discord takes the token is not known')
      }
      log.error('Discord refuses the token')
      lost(tokenRefused())
    }
  }
}
