// From the tick that touches a stop to the committed close, while fifty questions of the guardian wait for a slow model; with
// the time of the same closes before the model is asked anything.
import { startWorker } from '../../jobs/worker.ts'
import { startLlmServer } from '../platforms/llm-server.ts'
import { percentile, report } from './figures.ts'
import { closeOneByOne, handMarket, holdAndProtect, openDesk, watched } from './stopped-desk.ts'

const closes = 200
const questions = 50
/** Longer than the bench takes, so that all questions wait all the time. */
const thinksMs = 60_000
/** All positions with a question are in this symbol; it comes near its stop at $95. */
const asked = `S${2 * closes}`
const near = 96

const llm = await startLlmServer()
llm.answer({ decide: { action: 'HOLD', amount: null, confidence: 1, reasoning: 'Slowly.' }, afterMs: thinksMs })
const market = handMarket(2 * closes + 1)
const environment = {
  LLM_BASE_URL: llm.url,
  LLM_MODEL: 'slow',
  LLM_CONCURRENCY: String(questions),
  LLM_TIMEOUT_SECONDS: '110',
}
const { desk } = await openDesk(market, environment)
await holdAndProtect(desk, 2 * closes + questions, (index) => (index < 2 * closes ? `S${index}` : asked))
startWorker(desk)
await watched(desk, market)

const before = await closeOneByOne(desk, market, 0, closes)
market.jump(asked, near)
const waitUntil = performance.now() + 30_000
while (llm.inFlight.now < questions && performance.now() < waitUntil)
  await new Promise((resolve) => setTimeout(resolve, 20))
const inFlight = llm.inFlight.now
const during = await closeOneByOne(desk, market, closes, closes)
if (inFlight !== questions || llm.inFlight.now !== questions)
  throw new Error(`${llm.inFlight.now} questions were waiting`)

const value = percentile(during, 0.99)
report({
  figure: `tick to committed close with ${questions} guardian evaluations in flight, p99`,
  value,
  unit: 'ms',
  floor: percentile(before, 0.99),
  floorOf: 'the same without any in flight',
  samples: closes,
  goal: 'at most 100 ms',
  holds: value <= 100,
  note: `median ${percentile(during, 0.5).toFixed(1)} ms, without ${percentile(before, 0.5).toFixed(1)} ms`,
})
// The questions still wait; nobody needs their answers.
process.exit()
