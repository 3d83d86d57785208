import { startRedisServer, type TestServer } from './servers.ts'

/** A Redis of this test file's own, so that a flush or a restart disturbs nobody. `stop` it in `afterAll`. */
export async function freshRedis(): Promise<TestServer> {
  return startRedisServer()
}
