import type { Logger } from 'pino'
import { lookAfterAgents, nothingLooked } from './agents/loop/look.ts'
import type { AgentParts } from './agents/parts.ts'
import { backtests, restBacktests } from './backtest/runs/backtests.ts'
import type { Clock } from './base/clock.ts'
import { timed } from './base/metrics.ts'
import { restDrawing } from './charts/index.ts'
import { type Config, providerSettings } from './config.ts'
import { connectDatabase, connectReserved } from './infra/db/client.ts'
import { openDatabaseClock } from './infra/db/clock.ts'
import { openNotices } from './infra/db/notices.ts'
import { createQueues, type Queues } from './infra/queue/queues.ts'
import { connectRedis } from './infra/queue/redis.ts'
import { unawaited } from './infra/queue/unawaited.ts'
import { rssFeeds, withNews } from './market/feeds/rss/rss.ts'
import { alsoHeld } from './market/held-symbols.ts'
import type { Market } from './market/market.ts'
import { openMarket } from './market/open-market.ts'
import { forecasterFolder } from './prediction/forecaster/folder.ts'
import { lazyForecaster } from './prediction/forecaster/lazy.ts'
import { rangeForecaster } from './prediction/forecaster/range-for-watch.ts'
import { policyFolder } from './prediction/policy/folder.ts'
import { lazyPolicy } from './prediction/policy/lazy.ts'
import { restScreening } from './strategies/engine/screen.ts'
import type { RunParts } from './strategies/parts.ts'
import { screens } from './strategies/runs/perform/screens.ts'
import { runParts } from './strategies/runs/run-parts.ts'
import { sweep } from './sweep.ts'
import type { HearingDesk } from './talk/chat/door.ts'
import type { Author } from './talk/chat/inbound.ts'
import { type Place, placeKey } from './talk/chat/place.ts'
import { inAccount } from './talk/chat/reply.ts'
import { handlers } from './talk/commands/index.ts'
import { positionsReply } from './talk/commands/positions/list-positions.ts'
import { commandSpecs } from './talk/hearing/command-specs.ts'
import type { Ears } from './talk/hearing/ears.ts'
import { aboutForm, faultsIn, suggestAnswer } from './talk/hearing/forms.ts'
import { hear } from './talk/hearing/hear.ts'
import { runScheduled } from './talk/hearing/scheduled.ts'
import { suggestionsFor, symbolsLike } from './talk/hearing/suggestions.ts'
import { welcome } from './talk/hearing/welcome.ts'
import { intentsFolder, lazyIntents } from './talk/language/intents.ts'
import { openLiveRegistry } from './talk/language/live-registry.ts'
import { createLlm } from './talk/language/llm.ts'
import { notePosted, whatWaits } from './talk/outbox/rows.ts'
import { createQuestions, type PendingQuestion } from './talk/questions/questions.ts'
import { wording } from './talk/wording/index.ts'
import { accountsOfPerson } from './trading/accounts/rows/accounts.ts'
import { setOwners } from './trading/accounts/rows/members.ts'
import { releaseRow } from './trading/events/rows/replies.ts'
import { type Parts, wakeReplies } from './trading/parts.ts'
import { isHeld } from './trading/positions/rows/positions.ts'
import { createProtector } from './trading/protection/at-venue/follow.ts'
import { createAlarm, criticalChannel } from './trading/protection/close-now/alarm.ts'
import { createAlpacaVenue } from './venues/alpaca/alpaca.ts'
import { alpacaLimit } from './venues/alpaca/client.ts'
import { type CcxtBudgets, createCcxtBudgets, createCcxtVenue } from './venues/ccxt/ccxt.ts'
import { appsOf } from './venues/links/linkables.ts'
import { type OAuthApp, refreshBy } from './venues/links/oauth.ts'
import { createVenueAccess } from './venues/links/venue-access.ts'
import { createPaperVenue } from './venues/paper/paper.ts'
import { createBudgets } from './venues/shared/budgets.ts'
import { tradeStationLimit } from './venues/tradestation/client.ts'
import { createTradeStationVenue } from './venues/tradestation/tradestation.ts'
import type { Venue } from './venues/venue.ts'
import { createVenues } from './venues/venue-of.ts'
import type { GuardianParts } from './watch/guardian/judge.ts'
import { createModel } from './watch/guardian/model.ts'

/** A wired desk. Doors talk to it, and jobs work with its parts. */
export interface Desk extends HearingDesk {
  parts: AgentParts
  /** Parts for critical work. They have their own connections to Postgres and never wait for Redis: no other work delays them. */
  critical: Parts
  guardian: GuardianParts
  config: Config
  /** Commands in the database whose handler does not exist in the code. */
  orphans: { command: string; handler: string }[]
  /** The first words to a person whose screen is empty, as a terminal's is after a start. */
  welcome(author: Author, place: Place): Promise<string>
  /** The open questions in a place. Throws when Redis does not answer. */
  questionsIn(place: Place): Promise<{ pending: PendingQuestion[] }>
  /** Executes a scheduled order if it is due. Returns the milliseconds until the next check, if there is one. */
  runScheduled(id: number): Promise<{ again?: number }>
  /** Queues again every job that is missing in BullMQ. */
  sweep(): Promise<unknown>
  close(): Promise<void>
}

/** The parts of a desk. The configuration supplies each part that is left out. */
export interface DeskOptions {
  config: Config
  log: Logger
  /** The default is the database's clock. */
  clock?: Clock
  market?: Market
  /** Wraps the venue. Tests use it to make the venue fail. */
  venue?: (venue: Venue) => Venue
  /** Wraps the venues of linked accounts, for the same purpose. */
  linkedVenue?: (venue: Venue) => Venue
  /** The budgets of requests at an exchange, for tests whose time is not the exchange's. */
  exchangeBudgets?: (exchange: string) => CcxtBudgets
  /** Further venues by the names that accounts use, for tests. */
  venues?: Record<string, Venue>
  /** Wraps the queues, for the same purpose. */
  queues?: (queues: Queues) => Queues
  /** Do the owners of this environment replace those in the database? The default is yes. */
  setsOwners?: boolean
  /** The folder of the intent model. The default is the shipped model. */
  intentsFolder?: string
  /** The folder of the forecaster. The default is the shipped model. */
  forecasterFolder?: string
  /** The folder of the policy. The default is the shipped one. */
  policyFolder?: string
  /** Bounds of strategy runs that tests change. */
  runs?: Partial<RunParts>
  /** The number of connections to Postgres. */
  poolSize?: number
  /** The number of further connections that are kept for critical work. */
  criticalPoolSize?: number
}

const usualCriticalPoolSize = 4

/** Wires a desk on a migrated database. Throws when the database or the market cannot be reached. */
export async function createDesk(options: DeskOptions): Promise<Desk> {
  const { config, log } = options
  const db = connectDatabase(config.DATABASE_URL, log, options.poolSize)
  const ownClock = options.clock ? undefined : await openDatabaseClock(db, config.TIME_SCALE, log)
  const clock = options.clock ?? ownClock!
  const redis = connectRedis(config.REDIS_URL, log)
  const clockwork = createQueues(redis, log)
  const queues = options.queues?.(clockwork) ?? clockwork
  const words = await openLiveRegistry(db, redis, handlers, log)
  const { orphans } = words.registry
  for (const orphan of orphans) {
    log.error(
      orphan,
      `the command "${orphan.command}" names the handler "${orphan.handler}", which does not exist; it is left out`,
    )
  }
  const maxAgeMs = config.QUOTE_MAX_AGE_SECONDS * 1000
  const market = withNews(
    options.market ??
      alsoHeld(
        await openMarket(db, { spec: config.MARKET, clock, maxAgeMs, log, providers: providerSettings(config) }),
        (symbol) => isHeld(db, symbol),
      ),
    rssFeeds(config.NEWS_FEEDS, { clock, allowsPrivate: config.WEBHOOK_PRIVATE === 'allowed' }),
  )
  // The venues of both pools share what a broker takes from an account.
  const budgets = { alpaca: createBudgets(alpacaLimit), tradestation: createBudgets(tradeStationLimit) }
  const exchangeBudgets = new Map(
    config.CCXT_EXCHANGES.map((id) => [id, (options.exchangeBudgets ?? createCcxtBudgets)(id)]),
  )
  const venuesOn = (connections: Parts['db']) => {
    const paper = createPaperVenue({
      db: connections,
      market,
      clock,
      slippageBps: config.PAPER_SLIPPAGE_BPS,
      commissionPerUnit: config.PAPER_COMMISSION,
      fills: config.PAPER_FILLS,
      seed: config.PAPER_SEED,
    })
    const apps = appsOf(config, clock.now)
    const accessOf = (venue: string, app?: OAuthApp) =>
      createVenueAccess(connections, {
        ...{ venue, keys: config.CREDENTIALS_KEYS, now: clock.now },
        ...(app && { refresh: refreshBy(app) }),
      })
    const alpaca = createAlpacaVenue({
      ...{ access: accessOf('alpaca', apps.alpaca), api: config.ALPACA_API, paperApi: config.ALPACA_PAPER_API },
      ...{ now: clock.now, budgets: budgets.alpaca },
    })
    const tradestation = createTradeStationVenue({
      ...{
        access: accessOf('tradestation', apps.tradestation),
        api: config.TRADESTATION_API,
        simApi: config.TRADESTATION_SIM_API,
      },
      ...{ db: connections, now: clock.now, budgets: budgets.tradestation },
    })
    const exchanges = config.CCXT_EXCHANGES.map((exchange) => {
      const venue = createCcxtVenue({
        ...{ exchange, access: accessOf(exchange), db: connections, now: clock.now },
        ...{ urls: config.CCXT_URLS.get(exchange), budgets: exchangeBudgets.get(exchange) },
      })
      return [exchange, options.linkedVenue?.(venue) ?? venue] as const
    })
    return createVenues(connections, {
      paper: options.venue?.(paper) ?? paper,
      ...Object.fromEntries(exchanges),
      alpaca: options.linkedVenue?.(alpaca) ?? alpaca,
      tradestation: options.linkedVenue?.(tradestation) ?? tradestation,
      ...options.venues,
    })
  }
  const exitDeadlineMs = config.EXIT_DEADLINE_SECONDS * 1000
  const ownDb = connectReserved(config.DATABASE_URL, log, options.criticalPoolSize ?? usualCriticalPoolSize)
  const notices = openNotices(ownDb.db, config.DATABASE_URL, log)
  const alarm = createAlarm(() =>
    notices.send(criticalChannel).catch((cause) => log.warn({ err: cause }, 'who closes at once was not woken')),
  )
  const protector = createProtector(() => parts)
  const parts: AgentParts = {
    ...{
      db,
      market,
      venues: venuesOn(db),
      queues,
      notices,
      alarm,
      protector,
      redis,
      clock,
      log,
      wording,
      exitDeadlineMs,
    },
    owners: config.DESKHAND_OWNERS,
    quoteMaxAgeMs: maxAgeMs,
    keepsCredentials: config.CREDENTIALS_KEYS.first !== undefined,
    exchanges: config.CCXT_EXCHANGES,
    runs: { ...runParts(config, market, { screen: screens, backtest: backtests }), ...options.runs },
    forecaster: lazyForecaster(options.forecasterFolder ?? forecasterFolder, log),
    policy: lazyPolicy(options.policyFolder ?? policyFolder, log),
    forecastRange: (symbol, horizon) => forecastRange(symbol, horizon),
  }
  const forecastRange = rangeForecaster(parts)
  const critical: Parts = {
    ...parts,
    db: ownDb.db,
    venues: venuesOn(ownDb.db),
    queues: unawaited(queues, log),
  }
  const questions = createQuestions(redis, clock)
  const guardian: GuardianParts = {
    ...parts,
    config,
    model: createModel(config),
    put: ({ place, expiresAt, ...pending }) =>
      questions.askInBackground(placeKey(place), { ...pending, expiresAt: expiresAt.getTime() }),
    isPut: (place, questionId) => questions.isInBackground(placeKey(place), questionId),
  }
  const owners = new Set(['terminal:local', ...config.DESKHAND_OWNERS])
  if (options.setsOwners !== false) {
    const { appointed, dismissed } = await setOwners(db, [...owners])
    for (const { id, name } of appointed) log.info({ member_id: id }, `${name} is an owner, by DESKHAND_OWNERS`)
    for (const { id, name } of dismissed) {
      log.warn({ member_id: id }, `${name} is a trader and an owner no more: DESKHAND_OWNERS does not name them`)
    }
  }
  const underway = new Set<Promise<void>>()
  const intents = lazyIntents(options.intentsFolder ?? intentsFolder, log)
  const ears: Ears = {
    parts,
    get registry() {
      return words.registry
    },
    refresh: words.refresh,
    questions,
    guardian,
    isOwner: (id) => owners.has(id),
    messagesPerMinute: config.MESSAGES_PER_MINUTE,
    since: Date.now(),
    openedAt: clock.now().getTime(),
    intents,
    llm: createLlm(config),
    budget: { calls: config.LLM_DAILY_CALLS, tokens: config.LLM_DAILY_TOKENS },
    later(work) {
      const noted = work
        .catch((cause) => log.error({ err: cause }, 'what goes on after an answer failed'))
        .finally(() => underway.delete(noted))
      underway.add(noted)
    },
  }

  return {
    parts,
    critical,
    guardian,
    config,
    orphans,
    hear: (inbound) => timed('hear', () => hear(ears, inbound)),
    aboutForm: (place, questionId) => aboutForm(ears, place, questionId),
    faultsIn: (press) => faultsIn(ears, press),
    async delivered(row, posted) {
      const conversations = await notePosted(db, row, posted, clock.now())
      const waiting = await Promise.all(conversations.map(async (id) => ((await whatWaits(db, id)) ? [id] : [])))
      await wakeReplies(parts, waiting.flat())
    },
    async undelivered(row) {
      await wakeReplies(parts, await releaseRow(db, row))
    },
    commands: () => commandSpecs(words.registry.commands),
    questionsIn: (place) => questions.inConversation(placeKey(place)),
    symbols: (typed) => symbolsLike(market, typed),
    suggest: (author, command, typed) => suggestionsFor(parts, author, words.registry.byName(command)?.command, typed),
    suggestAnswer: (author, place, questionId, typed) => suggestAnswer(ears, author, place, questionId, typed),
    async home(author) {
      const accounts = await accountsOfPerson(db, author.id)
      if (!accounts) return { text: '👋 Welcome to Deskhand.\n💡 Type `help` to see what it does' }
      if (accounts.length <= 1) return positionsReply(parts, accounts[0]?.id ?? 0)
      const shown = await Promise.all(
        accounts.map(async ({ id, name }) => inAccount(await positionsReply(parts, id), name)),
      )
      return { text: shown.map(({ text }) => text).join('\n\n'), actions: shown.flatMap(({ actions }) => actions) }
    },
    welcome: (author, place) => welcome(ears, author, place),
    runScheduled: (id) => runScheduled(ears, id),
    async sweep() {
      await sweep(guardian)
      await lookAfterAgents(parts, nothingLooked())
      await words.tell()
    },
    async close() {
      await Promise.all(underway)
      await protector.rest()
      for (const venue of [...parts.venues.all(), ...critical.venues.all()]) venue.follow?.([])
      await intents.close()
      await parts.forecaster.close()
      await restDrawing()
      await Promise.all([restScreening(), restBacktests()])
      await market.close()
      await queues.close()
      redis.disconnect()
      ownClock?.close()
      await notices.close()
      await Promise.all([db.destroy(), ownDb.close()])
    },
  }
}
