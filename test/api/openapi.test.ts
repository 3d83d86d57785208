import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { generateSource } from 'oazapfts'
import { expect } from 'vitest'
import { contract, type RouteName } from '../../src/api/contract/index.ts'
import { otherRoutes } from '../../src/api/docs/streams.ts'
import { steadyBars } from '../support/bars.ts'
import { sampleOf } from './samples.ts'
import { apiTest, client, program, signIn } from './serve.ts'

const { test, market } = apiTest({ worker: false })
const root = fileURLToPath(new URL('../..', import.meta.url))

interface Operation {
  operationId: RouteName
  responses: Record<string, { content: Record<string, { schema: object }> }>
}
type Paths = Record<string, Record<string, Operation>>

test('the document is OpenAPI 3.1, by a foreign validator, and has every route', async ({ api }) => {
  const { body } = await client(api).get('/api/openapi.json')
  const { valid, errors } = await new Validator().validate(structuredClone(body))
  expect([valid, errors]).toEqual([true, undefined])
  const documented = Object.entries(body.paths as Paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const routes = [...Object.values(contract), ...otherRoutes].map(({ method, path }) => `${method} ${path}`)
  expect(documented.sort()).toEqual(routes.sort())
  const page = await client(api).get('/api/docs')
  for (const route of routes) expect(page.body).toContain(`<code>${route}</code>`)
  expect(page.body).not.toContain('`')
  expect(page.body).toContain('<code>choice</code> (body): <code>HOLD</code>, <code>EXIT</code>')
  expect(page.body).toMatch(/POST \/api\/logout<\/code>.*For members, by the page/)
})

test('every route answers as the document says, with what it asks for and without', async ({ api, alice }) => {
  market.set('BYND', '1.00', '1.01')
  market.give('BYND', 5, steadyBars({ count: 60, first: 1, step: 0.001 }))
  market.give('BYND', 1440, steadyBars({ count: 300, first: 1, step: 0.001, minutes: 1440 }))
  await alice.say('long BYND 1000 @ .50')
  await alice.say('trim 100 BYND')
  await alice.say('scaleout BYND slow half')
  await alice.say('long AAPL 10 @ 100')
  await alice.say('buy 5 AAPL @ 100')
  await alice.say('alerts here')
  const page = await signIn(api, alice)
  const scaleout = (await page.get('/api/scaleouts')).body.items[0].id
  const session = (await page.get('/api/sessions')).body.items[0].id
  const asked = { strategy_code: 'breakout', parameters: { tickers: ['BYND'] } }
  const run = (await page.post('/api/strategies/execute', asked)).body.run_id
  const document = (await page.get('/api/openapi.json')).body
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema(document, 'desk')
  // biome-ignore lint/suspicious/noExplicitAny: the package is CommonJS, and its types do not say so
  ;(addFormats as any)(ajv)
  const check = (pointer: string, value: unknown) => {
    const validate = ajv.getSchema(`desk#${pointer}`)
    if (!validate) throw new Error(`no schema at ${pointer}`)
    if (!validate(value))
      throw new Error(`${pointer}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(value).slice(0, 2000)}`)
  }
  const escaped = (text: string) => encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))
  const done: Record<string, number> = {}
  const operations = Object.entries(document.paths as Paths).flatMap(([path, item]) =>
    Object.entries(item)
      // A stream answers for ever.
      .filter(([, { operationId }]) => operationId in contract)
      .map(([method, operation]) => ({ path, method, operation })),
  )
  // What ends something comes last, and the session itself at the very end.
  const order = ({ method, operation }: (typeof operations)[number]) =>
    ['endSession', 'logout'].indexOf(operation.operationId) + 1 || (method === 'delete' ? 0.5 : 0)
  for (const { path, method, operation } of operations.sort((a, b) => order(a) - order(b))) {
    const { operationId } = operation
    if (operationId === 'login') continue
    const sample = sampleOf(operationId, path, {
      scaleout,
      session: operationId === 'endSession' ? 999_999 : session,
      question: 999_999,
      run,
    })
    const answer =
      method === 'get'
        ? await page.get(sample.path)
        : method === 'delete'
          ? await page.del(sample.path)
          : await page.post(sample.path, sample.body)
    const response = operation.responses[answer.status === 200 ? '200' : 'default']!
    const [type] = Object.keys(response.content)
    expect(answer.headers.get('content-type')).toContain(type)
    const at = `/paths/${escaped(path)}/${method}/responses/${answer.status === 200 ? 200 : 'default'}`
    check(`${at}/content/${escaped(type!)}/schema`, answer.body)
    done[operationId] = answer.status
  }
  // These name what is not there, and a stop that is no tighter than the trail before.
  const { endSession, answerQuestion, breakeven, ...rest } = done
  expect([endSession, answerQuestion, breakeven]).toEqual([404, 404, 422])
  // The run is one of a screener, and no backtest; `strategies/backtests` reads those.
  const { backtestReport, backtestCurves, backtestTrades, ...left } = rest
  const { backtestTradeLines, backtestTradeTable, compareBacktests, ...others } = left
  const ofBacktests = [backtestReport, backtestCurves, backtestTrades, backtestTradeLines, backtestTradeTable]
  expect([...ofBacktests, compareBacktests]).toEqual(Array(6).fill(404))
  expect(Object.entries(others).filter(([, status]) => status !== 200)).toEqual([])
})

test('a typed client that a generator makes of the document works', async ({ api, desk, alice, onTestFinished }) => {
  market.set('BYND', '1.00', '1.01')
  await alice.say('long BYND 1000 @ .50')
  const { headers } = await program(api, desk, alice)
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-client-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const { body } = await client(api).get('/api/openapi.json')
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(body))
  await writeFile(join(folder, 'package.json'), '{"type": "module"}')
  await writeFile(join(folder, 'client.ts'), await generateSource(join(folder, 'openapi.json')))
  // Names and types of the document: a field that it does not have would not compile.
  await writeFile(
    join(folder, 'use.ts'),
    `import { closePosition, defaults, positions } from './client.ts'
export async function halve(baseUrl: string, authorization: string): Promise<[string, string, string[]]> {
  Object.assign(defaults, { baseUrl, headers: { authorization } })
  const { data } = await positions()
  if (!('items' in data)) throw new Error(data.code)
  const [position] = data.items
  const quantity: string = position!.quantity
  const direction: 'LONG' | 'SHORT' = position!.direction
  const closed = await closePosition(position!.symbol, 'key-of-client', { share: '0.5' })
  if (!('said' in closed.data)) throw new Error(closed.data.message)
  return [direction, quantity, closed.data.said]
}
`,
  )
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--allowImportingTsExtensions', '--skipLibCheck']
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'use.ts'], {
    cwd: folder,
  })
  const { halve } = (await import(pathToFileURL(join(folder, 'use.ts')).href)) as {
    halve: (url: string, authorization: string) => Promise<[string, string, string[]]>
  }
  const [direction, quantity, said] = await halve(api.url, headers.authorization!)
  expect([direction, quantity, said.join()]).toEqual(['LONG', '1000', expect.stringContaining('SOLD 500 BYND')])
})
