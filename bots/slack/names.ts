import { setTimeout as wait } from 'node:timers/promises'
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import { limits } from './limits.ts'

/**
 * Names of people by user id; Slack is asked once for each. The id is used if Slack gives no name soon enough: the
 * event that waits may be an order.
 */
export function createNames(web: webApi.WebClient, log: Logger): (user: string) => Promise<string> {
  const names = new Map<string, string>()
  return async (user) => {
    return names.get(user) ?? Promise.race([ask(user), wait(limits.nameWait, user, { ref: false })])
  }

  async function ask(user: string): Promise<string> {
    try {
      const found = (await web.users.info({ user })).user
      const name = found?.profile?.display_name || found?.profile?.real_name || found?.name || user
      names.set(user, name)
      if (names.size > limits.rememberedNames) names.delete(names.keys().next().value!)
      return name
    } catch (error) {
      log.warn({ err: error, user }, 'Slack does not say what somebody is called')
      return user
    }
  }
}
