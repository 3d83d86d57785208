import { expect } from 'vitest'
import { createApi } from '../../src/api/server.ts'
import { deskTest } from '../support/desk-test.ts'

const { test } = deskTest({ worker: false })

test('/metrics can be hidden from other machines, also behind a proxy', async ({ desk: { desk } }) => {
  const config = { ...desk.config, METRICS_FROM: 'loopback' as const, TRUST_PROXY: ['127.0.0.1'] }
  const api = createApi({ ...desk, config }, { port: 0 })
  await api.open()
  const status = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`http://127.0.0.1:${api.port}${path}`, { headers })).status
  try {
    const elsewhere = { 'x-forwarded-for': '192.0.2.7' }
    expect(await status('/metrics')).toBe(200)
    expect(await status('/metrics', elsewhere)).toBe(404)
    expect(await status('/health', elsewhere)).toBe(200)
  } finally {
    await api.close()
  }
})
