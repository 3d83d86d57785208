import type { Config } from '../../config.ts'
import { createMailer } from '../../infra/mail/mailer.ts'
import type { Market } from '../../market/market.ts'
import { parseMarkets } from '../../market/spec.ts'
import { marketBars } from '../engine/bars/market-bars.ts'
import type { RunParts } from '../parts.ts'
import { readResources } from './perform/resources.ts'

/** The bounds of strategy runs as the environment sets them, over the bars of a market. */
export function runParts(config: Config, market: Market, kinds: RunParts['kinds']): RunParts {
  const specs = parseMarkets(config.MARKET)
  const [first] = specs
  const { SMTP_URL: url, MAIL_FROM: from } = config
  const mail = url === undefined || from === undefined ? undefined : { url, from }
  return {
    kinds,
    bars: marketBars(market),
    // With several markets no command line has the same bars.
    ...(specs.length === 1 && first?.kind === 'replay' && { folder: first.folder }),
    isSimulated: specs.some(({ kind }) => kind === 'sim'),
    places: config.MAX_CONCURRENT_EXECUTIONS,
    mostWaiting: config.MAX_QUEUE_SIZE,
    longestMs: config.EXECUTION_TIMEOUT * 1000,
    universes: config.UNIVERSES_FOLDER,
    targets: {
      ...{ secret: config.WEBHOOK_SECRET, allowsPrivate: config.WEBHOOK_PRIVATE === 'allowed' },
      sendsMail: mail !== undefined,
    },
    ...(mail && { mailer: createMailer(mail) }),
    resources: readResources,
  }
}
