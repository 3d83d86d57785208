// From a message to the desk's answer, for `pl` with one open position.
import { Redis } from 'ioredis'
import pg from 'pg'
import { message, openBenchDesk } from './bench-desk.ts'
import { servers } from './database.ts'
import { percentile, report } from './figures.ts'
import { type RoundTrip, roundTripsOf } from './round-trips.ts'

const warmUps = 500
const samples = 2000

const { desk, databaseUrl, say, close } = await openBenchDesk()
const bare = { pg: new pg.Client({ connectionString: databaseUrl }), redis: new Redis(servers().redis) }
await bare.pg.connect()

await say(1, 'long BYND 3750 @ .63')
await desk.hear(message(1, 'pl', 'first'))
const recordedId = 'recorded'
const trips = await roundTripsOf(() => desk.hear(message(1, 'pl', recordedId)))

const heard: number[] = []
const floors: number[] = []
for (let number = 0; number < warmUps + samples; number++) {
  const floor = await milliseconds(() => replay(trips, `bare-${number}`))
  const value = await milliseconds(() => desk.hear(message(1, 'pl', `sample-${number}`)))
  if (number < warmUps) continue
  floors.push(floor)
  heard.push(value)
}

const postgres = trips.filter(({ to }) => to === 'postgres').length
const floorOf = `its ${postgres} statements and ${trips.length - postgres} Redis commands, one after another on a bare pg client and a bare ioredis`
for (const [name, share] of [
  ['p50', 0.5],
  ['p99', 0.99],
] as const) {
  const value = percentile(heard, share)
  const floor = percentile(floors, share)
  const goal = name === 'p50' ? { goal: 'at most 3 times the floor', holds: value <= 3 * floor } : {}
  report({ figure: `hear to reply, pl, ${name}`, value, unit: 'ms', floor, floorOf, samples, ...goal })
}

bare.redis.disconnect()
await bare.pg.end()
await close()
process.exit()

/** Sends the desk's statements again, as another message. */
async function replay(trips: RoundTrip[], id: string): Promise<void> {
  for (const trip of trips) {
    if (trip.to === 'redis') await bare.redis.call(trip.command, ...trip.args)
    else
      await bare.pg.query({
        name: trip.name,
        text: trip.text,
        values: trip.values.map((value) => (value === recordedId ? id : value)),
      })
  }
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
