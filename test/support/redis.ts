import { startRedisServer, type TestServer } from './servers.ts'

/** A Redis of this test file's own: what is flushed or restarted there disturbs nobody. `stop` it in `afterAll`. */
export async function freshRedis(): Promise<TestServer> {
  return startRedisServer()
}
