import { Redis } from 'ioredis'
import pg from 'pg'
import { expect, test } from 'vitest'
import { startPostgresServer, startRedisServer } from '../support/servers.ts'

test('a Redis that is killed and started again has its earlier data', async () => {
  const server = await startRedisServer()
  const redis = new Redis(server.url)
  redis.on('error', () => {})
  try {
    await redis.set('symbol', 'BYND')
    await server.kill9()
    await server.start()
    expect(await redis.get('symbol')).toBe('BYND')
  } finally {
    redis.disconnect()
    await server.stop()
  }
})

test('a Postgres that is killed in mid-session starts again with all committed data', async () => {
  const server = await startPostgresServer({ durable: true })
  const query = async (text: string) => {
    const client = new pg.Client(server.url)
    client.on('error', () => {})
    await client.connect()
    try {
      return (await client.query(text)).rows
    } finally {
      await client.end()
    }
  }
  const busy = new pg.Client(server.url)
  busy.on('error', () => {})
  try {
    await query("create table fill as select 'BYND' as symbol")
    await busy.connect()
    const sleeping = busy.query('select pg_sleep(60)').catch((error: Error) => error)
    await server.kill9()
    await server.start()
    expect(await sleeping).toBeInstanceOf(Error)
    expect(await query('select symbol from fill')).toEqual([{ symbol: 'BYND' }])
  } finally {
    await busy.end().catch(() => {})
    await server.stop()
  }
})
