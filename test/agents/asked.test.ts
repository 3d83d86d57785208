import { expect, test } from 'vitest'
import { runAgent } from '../../src/agents/loop/run-agent.ts'
import { decisionsAbout } from '../../src/agents/rows/decisions.ts'
import { stateNames } from '../../src/prediction/policy/layout.ts'
import type { PolicyModel } from '../../src/prediction/policy/model.ts'
import { openAgentScene, toldTo } from './a-scene.ts'

const patience = { timeout: 240_000 }

test(
  'an agent with the policy keeps its 58 numbers and the hash of its model, and decides nothing without it',
  patience,
  async () => {
    const scene = await openAgentScene(600, 660)
    const { parts, alice } = scene
    expect(await alice.say('agent new thinker on AAA with policy')).toContain(
      '⚠️ No edge is shown in the tests of the policy',
    )
    await alice.say('no')
    const agent = await scene.make(alice, 'thinker on AAA with policy')
    expect(agent).toMatchObject({ state: 'paper', parameters: {} })
    expect(agent.size.toFixed()).toBe('0.2')
    await scene.nextDay()
    const model = parts.policy.open() as PolicyModel
    const [asked] = await decisionsAbout(parts.db, agent.id, 'AAA')
    expect(asked!.wishes).toBeDefined()
    expect(asked!.modelHash).toBe(model.card.hash)
    expect(Object.keys(asked!.numbers)).toEqual(expect.arrayContaining([...stateNames]))

    const missing = { ...parts, policy: { open: () => 'its model.onnx is gone' } }
    scene.days(1)
    await runAgent(missing, agent.id)
    const expired = { ...model, card: { ...model.card, expires: '2000-01-01' } }
    scene.days(1)
    await runAgent({ ...parts, policy: { open: () => expired } }, agent.id)
    await scene.nextDay()
    const decisions = await decisionsAbout(parts.db, agent.id, 'AAA')
    expect(decisions.map(({ code }) => code)).toEqual([
      asked!.code,
      'MODEL_REFUSED',
      decisions[2]!.code,
      decisions[3]!.code,
    ])
    expect(decisions[1]).toMatchObject({ state: 'rejected', checks: [{ code: 'MODEL_REFUSED', passes: false }] })
    // An expired policy is still asked, since it may close; it opens nothing.
    expect(decisions[2]!.wishes).toBeDefined()
    expect(decisions[2]!.plan?.enter).toBeUndefined()
    expect(decisions[3]!.wishes).toBeDefined()
    const told = await toldTo(scene, alice)
    expect(
      told.filter((text) => text.includes('AAA: ✗ MODEL_REFUSED — The policy on this machine does not match its card')),
    ).toHaveLength(1)
    expect(told.at(-1)).not.toContain('would be decided otherwise')
  },
)

test('an agent that is asked for wrongly is not made, and real money is refused in a sentence', async () => {
  const scene = await openAgentScene()
  const { alice, bob, parts } = scene
  for (const [terms, refusal] of [
    ['trend on AAA live with sma-cross', 'the gates to an account at a broker, and to live trading, do not exist yet'],
    ['trend on AAA with bracket', 'An agent cannot trade with "bracket".'],
    ['trend on AAA', 'It was not said what it trades with.'],
    ['trend on ZZZZ with sma-cross', 'This market does not know ZZZZ.'],
    ['trend on AAA with sma-cross size 120%', '"120%" is no size'],
    ['trend on AAA with sma-cross fast 50 slow 20', 'fast 50 must be shorter than slow 20.'],
    ['trend on AAA with sma-cross speed 3', 'sma-cross has no parameter `speed`.'],
    ['trend on AAA with breakout trail 5', 'Agents have no trailing stops yet.'],
  ] as const)
    expect(await alice.say(`agent new ${terms}`)).toContain(refusal)
  expect(await parts.db.selectFrom('agents').select('id').execute()).toEqual([])
  await scene.make(alice, 'trend on AAA with sma-cross')
  await alice.say('agent new trend on BBB with sma-cross')
  expect(await alice.say('yes')).toContain('You have an agent called trend already.')
  await alice.say('agent new other on AAA BBB with sma-cross')
  expect(await alice.say('yes')).toContain('trades AAA in this account already.')
  await bob.say('long BBB 10 @ 90')
  await bob.say('agent new mine on BBB with sma-cross')
  expect(await bob.say('yes')).toContain('The account has a position in BBB, which would not be the agent’s.')
  expect(await bob.say('agent new mine on AAA with sma-cross')).toMatch(
    /^🤖 MAKE AGENT mine\?\nTrades your paper account by itself: /,
  )
  expect(await bob.say('no')).toBe('OK, no agent was made.')
  expect(await parts.db.selectFrom('agents').select('name').execute()).toEqual([{ name: 'trend' }])
})

test('a backtest that cannot be played keeps the agent where it is, and says why', async () => {
  const scene = await openAgentScene(20)
  const { alice, parts } = scene
  const agent = await scene.make(alice, 'trend on AAA with sma-cross fast 10 slow 30')
  expect(agent.state).toBe('backtest')
  expect((await toldTo(scene, alice)).at(-1)).toMatch(/^⚠️ AGENT \d+ · trend stays in its backtest: AAA has 20 bars, /)
  await runAgent(parts, agent.id)
  expect((await toldTo(scene, alice)).filter((text) => text.includes('stays in its backtest'))).toHaveLength(1)
  for (let day = 0; day < 16; day++) await scene.nextDay()
  expect(await alice.say('agents')).toContain(' · paper · 2015-')
})
