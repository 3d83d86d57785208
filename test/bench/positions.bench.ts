// `GET /api/positions` of ten positions, from request to answer, beside its bare queries.
import { Agent, request } from 'node:http'
import { Redis } from 'ioredis'
import pg from 'pg'
import { servers } from './database.ts'
import { percentile, report } from './figures.ts'
import { held, openOneAccount, serve } from './one-account.ts'
import { type RoundTrip, roundTripsOf } from './round-trips.ts'

const warmUps = 100
// A caller has 1,200 reads a minute.
const samples = 1000

const { desk, databaseUrl, token, close } = await openOneAccount()
const server = await serve(desk)
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
const bare = { pg: new pg.Client({ connectionString: databaseUrl }), redis: new Redis(servers().redis) }
await bare.pg.connect()

await positions()
const trips = await roundTripsOf(positions)
const answered: number[] = []
const floors: number[] = []
for (let number = 0; number < warmUps + samples; number++) {
  const floor = await milliseconds(() => replay(trips))
  const value = await milliseconds(positions)
  if (number < warmUps) continue
  floors.push(floor)
  answered.push(value)
}

const postgres = trips.filter(({ to }) => to === 'postgres').length
const floorOf = `its ${postgres} statements and ${trips.length - postgres} Redis commands, one after another on a bare pg client and a bare ioredis`
for (const [name, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  const value = percentile(answered, share)
  const floor = percentile(floors, share)
  const goal = name === 'p50' ? { goal: 'at most 3 times the floor', holds: value <= 3 * floor } : {}
  report({
    figure: `GET /api/positions, ${held} positions, ${name}`,
    ...{ value, unit: 'ms', floor, floorOf, samples, ...goal },
  })
}

agent.destroy()
bare.redis.disconnect()
await bare.pg.end()
await server.close()
await close()
process.exit()

/** Reads the positions as a program does, on one connection. Throws unless all of them are told. */
async function positions(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const headers = { authorization: `Bearer ${token}` }
  request({ host: '127.0.0.1', port: server.port, path: '/api/positions', headers, agent }, (response) => {
    let text = ''
    response
      .setEncoding('utf8')
      .on('data', (part: string) => {
        text += part
      })
      .on('end', () => resolve(text))
  })
    .on('error', reject)
    .end()
  const { items } = JSON.parse(await promise)
  if (items?.length !== held) throw new Error(`these are not ${held} positions: ${await promise}`)
}

async function replay(made: RoundTrip[]): Promise<void> {
  for (const trip of made) {
    if (trip.to === 'redis') await bare.redis.call(trip.command, ...trip.args)
    else await bare.pg.query({ name: trip.name, text: trip.text, values: trip.values })
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
