import type { Logger as SlackLogger } from '@slack/bolt'
import { LogLevel } from '@slack/bolt'
import type { Logger } from 'pino'

/** The text without the given secrets and without anything that looks like a Slack token. */
export function withoutSecrets(text: string, secrets: string[]): string {
  const known = secrets.filter(Boolean).reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
  return known.replace(/\b(xox[a-z]|xapp)-[\w-]+/g, '[secret]')
}

/**
 * A logger for Bolt that writes to pino. Debug lines are dropped at every level: they hold whole payloads, with
 * people's messages and with URLs that let anybody answer in the desk's name.
 */
export function slackLogger(log: Logger, secrets: string[]): SlackLogger {
  const line = (parts: unknown[]) =>
    withoutSecrets(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' '), secrets)
  return {
    debug: () => {},
    info: (...parts) => log.debug(line(parts)),
    warn: (...parts) => log.warn(line(parts)),
    error: (...parts) => log.error(line(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  }
}
