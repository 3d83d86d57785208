import { afterEach, expect, test, vi } from 'vitest'
import { contract } from '../../src/api/contract/index.ts'
import type { Row } from '../../src/api/contract/row.ts'
import { forms, type Given } from '../../src/web/parts/position-forms.ts'
import { call } from '../../src/web/state/call.ts'
import { type PathName, paths } from '../../src/web/state/paths.ts'

/** The requests that were sent, as `POST /api/… {body}`. */
function requests(): { url: URL; body: unknown }[] {
  const sent: { url: URL; body: unknown }[] = []
  vi.stubGlobal('fetch', async (url: string, { body }: { body?: string }) => {
    sent.push({ url: new URL(url, 'http://desk'), body: body && JSON.parse(body) })
    return Response.json({ said: ['Done.'] })
  })
  return sent
}
afterEach(() => vi.unstubAllGlobals())

const kinds = Object.keys(forms) as (keyof typeof forms)[]
const typed: Record<(typeof kinds)[number], Given[]> = {
  close: [{ share: '0.5' }, { quantity: '10', limit: '1.20' }],
  stop: [{ price: '.80' }, { price: '5%' }, { off: 'yes' }],
  target: [{ price: '1.90' }, { price: '10%' }, { off: 'yes' }],
  trail: [{ distance: '5%' }, { distance: '$1.50' }, { off: 'yes' }],
  breakeven: [{}],
  scaleout: [
    { speed: 'fast', share: '1' },
    { minutes: '20', chunks: '8', floor: '.90', share: '0.5' },
  ],
}
const position = { id: 36, symbol: 'KO', direction: 'LONG' } as Parameters<(typeof forms)['stop']['send']>[0]
const sending = { key: 'k', confirm: false, query: { account: 7 } }

test.for(kinds)('every request of the form %s names the account and the position that it showed', async (kind) => {
  for (const given of typed[kind]) {
    const sent = requests()
    await forms[kind].send(position, given as never, sending)
    expect(sent.map(({ url }) => url.searchParams.get('account'))).toEqual(['7'])
    expect(sent[0]!.body).toMatchObject({ position: 36 })
  }
})

test('an act of the page names its account, or a thing that is in one account only', () => {
  const byId = (Object.keys(paths) as PathName[]).filter((name) => {
    const row: Row = contract[name]
    return row.acts && !row.query?.shape.account
  })
  // Templates and numbers of schedules are a member's own, in whatever account.
  const ofMember: PathName[] = ['dropTemplate', 'endSchedule', 'saveTemplate']
  expect(byId).toEqual(expect.arrayContaining(ofMember))
  const others = byId.filter((name) => !ofMember.includes(name))
  // Scaleouts, questions and runs have ids of the whole desk.
  expect(others.sort()).toEqual(['answerQuestion', 'cancelRun', 'cancelScaleout', 'rerun'])
  for (const name of others) expect(paths[name]).toMatch(/\{(run_)?id\}/)
  // @ts-expect-error a request that can be about an account cannot leave it out
  const forgets = () => call('cancelOrder', { params: { number: 3 } }, 'k')
  // @ts-expect-error nor send nothing at all
  const forgetsAll = () => call('positions')
  expect([forgets, forgetsAll].map((one) => typeof one)).toEqual(['function', 'function'])
})

test('a trail has the unit that was typed, and a bare number none', async () => {
  const send = (distance: string) => {
    const sent = requests()
    return { sent, done: (async () => forms.trail.send(position, { distance }, sending))() }
  }
  for (const [distance, body] of [
    ['5%', { share: '0.05' }],
    ['.5 %', { share: '0.005' }],
    ['$5', { dollars: '5' }],
    ['$1,000.50', { dollars: '1000.50' }],
  ] as const) {
    const { sent, done } = send(distance)
    await done
    expect(sent[0]!.body).toMatchObject(body)
  }
  for (const [distance, answer] of [
    ['5', /5% or \$5\? .*Nothing was sent/],
    ['0.05', /0.05% or \$0.05\?/],
    ['', /Enter the distance/],
    ['five', /no distance/],
  ] as const) {
    const { sent, done } = send(distance)
    await expect(done).rejects.toThrow(answer)
    expect(sent).toEqual([])
  }
})
