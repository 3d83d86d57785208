import { describe, expect } from 'vitest'
import { concernOf } from '../../../src/talk/commands/command.ts'
import { handlers } from '../../../src/talk/commands/index.ts'
import { deskTest } from '../../support/desk-test.ts'
import { type Someone, someone } from './someone.ts'

const owner = () => someone(desk, 'uowner')

const { test, desk } = deskTest({ worker: false, environment: { DESKHAND_OWNERS: 'slack:T1:UOWNER' } })

/** How many members of a name there are, and how many accounts they have. */
async function countsOf({ name }: Someone): Promise<{ members: number; accounts: number }> {
  const { db } = desk.desk.parts
  const members = await db.selectFrom('members').select('id').where('name', '=', name).execute()
  const accounts = await db
    .selectFrom('accounts')
    .select('id')
    .where('member_id', 'in', [0, ...members.map(({ id }) => id)])
    .execute()
  return { members: members.length, accounts: accounts.length }
}

/** The use of the speaker's account, for every command. */
const concerns = {
  none: `allowLive forbidLive linkAccount listAccounts listModels listSessions openAccount openDashboard removeAlias renameSymbol
    setAlias setEmail setNotify setPriceAlert setRole setTimeZone showAtr showBook showForecast showHealth showHelp showLevels
    showMacd showMarket showQuote showRelativeVolume showRsi showSources showSpread showVolumeProfile showVwap splitSymbol
    switchModel unlinkAccount useAccount`,
  looks: `advise backtest cancelScreenRun compareScreenRuns listAgents listOrders listPositions listRuns listTasks listTrades reconcile
    rerun sayHello screen showBalance showChart showDaily showDigest showHistory showProfitAndLoss showResults showSignal showTask
    showWeekly showWhy sweep templates whyAgent`,
  changes: `addToPosition adopt buildBracket cancelScaleout cancelWorking closeAll closePosition didThat ignoreGap moveWorkingOrder oneAgent
    scaleOut setBreakeven setStop setTarget setTrail showDoubt trimPosition undoLast`,
  opens: 'apiTokens buy makeHooks newAgent recordLong recordShort sell',
  acts: 'muteAlerts resume setQuietHours tripBreaker unmuteAlerts unwatchSymbol watchSymbol',
  sets: 'protectAtVenue schedule setAlerts setConfirmation setGuardian setLimits setThresholds',
}

describe('an account', () => {
  test('is needed by commands that do something in it, and by no others', () => {
    for (const [concern, names] of Object.entries(concerns)) {
      const all = Object.entries(handlers).flatMap(([name, { account }]) => (account === concern ? [name] : []))
      expect(all.sort(), concern).toEqual(names.split(/\s+/))
    }
    expect(Object.values(concerns).join(' ').split(/\s+/).sort()).toEqual(Object.keys(handlers).sort())
    expect(concernOf({ account: 'sets' }, {})).toBe('looks')
    expect(concernOf({ account: 'sets' }, { rest: 'off' })).toBe('acts')
    expect(concernOf({ account: 'acts' }, { member: '123' })).toBe('none')
  })

  test.for(
    `hello|good luck|help|quote BYND|positions|pl|pl today|pl BYND all|pl chart|orders|tasks|task 1|history|history BYND|accounts|use swing|why BYND
    |digest|chart BYND|vwap BYND|levels BYND|advise BYND|alerts|thresholds|confirm|guardian|schedule|timezone Europe/Berlin|alias list
    |what do you think of the weather|1|never mind|close|close all|stop .5|trail 5%|trim half|add 5|scaleout fast|cancel 1|undo
    |buy 100 XYZQ|sell 100 XYZQ|long XYZQ 100|watch XYZQ|buy 100 XYZQ at 3:55pm|buy 1.5 BYND|buy BYND|buy 1000000 AAPL
    |long BYND|long BYND 100 @ 100`.split(/\s*\|/),
  )('is not opened by %j, with which nothing is done in it', async (text, { alice }) => {
    const replies = await alice.hear(text)
    expect(replies.map((reply) => reply.text).join()).not.toMatch(/could not finish|database/)
    expect(await countsOf(alice)).toEqual({ members: 1, accounts: 0 })
  })

  test.for([
    'long BYND 100 @ 1',
    'buy 1 BYND',
    'buy 1 BYND @ .95',
    'buy 1 BYND if it breaks 5',
    'watch BYND',
    'alerts here',
    'thresholds loss 4%',
    'mute 1h',
  ])('is opened by %j', async (text, { alice }) => {
    await alice.say('help')
    await alice.say(text)
    expect(await countsOf(alice)).toEqual({ members: 1, accounts: 1 })
  })

  test('is opened by the yes to what was repeated back, and not by the question', async ({ alice }) => {
    expect(await alice.say('buy 1 bynd now?')).toContain('Did you mean')
    expect(await countsOf(alice)).toEqual({ members: 1, accounts: 0 })
    await alice.say('yes')
    expect(await countsOf(alice)).toEqual({ members: 1, accounts: 1 })
  })

  test('is opened by nothing that a viewer says', async ({ alice }) => {
    await owner().say(`role slack:T1:${alice.name} viewer`)
    for (const text of ['watch BYND', 'unwatch BYND', 'alerts here', 'buy 1 BYND'])
      expect(await alice.say(text)).toContain('You are a viewer: you may look, but not trade. Nothing was done.')
    expect(await alice.say('positions')).toContain('No open positions')
    expect((await countsOf(alice)).accounts).toBe(0)
  })

  test('of somebody who has none is neither halted nor resumed', async ({ alice }) => {
    await alice.say('help')
    expect(await owner().say(`breaker slack:T1:${alice.name}`)).toContain('That member has no account yet.')
    expect(await owner().say('breaker slack:T1:NOBODY')).toContain('The desk does not know that member.')
  })
})

test('an owner halts all accounts of somebody at once, and lets all of them trade again', async ({ alice }) => {
  await alice.say('account new swing')
  await alice.say('long BYND 100 @ 1')
  expect(await owner().say(`breaker slack:T1:${alice.name}`)).toBe(
    '🚨 CIRCUIT BREAKER TRIPPED\nClosing 1 position (BYND): each thread is told when its position is closed, and this one when all are.\n⛔ All 2 accounts are HALTED until an owner says `resume`',
  )
  expect(await alice.say('buy 1 BYND')).toContain('HALTED')
  await alice.say('use swing')
  expect(await alice.say('buy 1 BYND')).toContain('HALTED')
  expect(await alice.say('accounts')).toMatch(/HALTED(.|\n)*HALTED/)
  expect(await owner().say(`resume slack:T1:${alice.name}`)).toMatch(/✓ RESUMED(.|\n)*trades again(.|\n)*trades again/)
  expect(await alice.say('buy 1 BYND')).toContain('BOUGHT 1 BYND')
})
