import { expect, test } from 'vitest'
import type { ProgressEvent } from '../../../src/api/contract/strategies.ts'
import { eventStream, type Format } from '../../../src/api/stream/format/format.ts'
import { runFormat } from '../../../src/api/stream/format/run-format.ts'
import { createFeed } from '../../../src/api/stream/hub/feed.ts'
import type { Pipe } from '../../../src/api/stream/hub/pipe.ts'
import { nothing } from '../../../src/api/stream/reader/topics.ts'

/** A reader that takes what it is told only when it is asked to. */
function slowReader() {
  const written: string[] = []
  let drained = () => {}
  const reader = { written, waiting: 0, isEnded: false, takeAll: () => drained() }
  const pipe: Pipe = {
    write: (text) => void written.push(text),
    get waiting() {
      return reader.waiting
    },
    onDrained(call) {
      drained = () => {
        reader.waiting = 0
        call()
      }
    },
    onClosed() {},
    end() {
      reader.isEnded = true
    },
    cut() {},
  }
  return { reader, pipe }
}

const place = { epoch: 'e', xid: '1', id: 1 }
const event = (run: string, type: ProgressEvent['event_type'], percent: number): ProgressEvent => ({
  ...{ event_type: type, timestamp: '2026-11-30T22:00:00.000Z', run_id: run, progress_percent: percent },
  ...{ completed_items: 1, message: 'scores', metrics: { processed_tickers: 1, passed_count: 0 } },
})

function feedOf(format: Format) {
  const { reader, pipe } = slowReader()
  const log = {
    place: () => place,
    catchUp() {},
    isGood: async () => true,
    now: () => new Date(),
    rendering: { event: () => '', quote: () => undefined },
  }
  // A feed looks at its reader for events alone, and there are none here.
  const feed = createFeed({ reader: {} as never, topics: nothing, format, pipe, after: place, isReset: false }, log)
  feed.begin([])
  reader.written.length = 0
  return { feed, reader }
}

const percents = (written: string[]) => written.map((text) => Number(/"progress_percent":([\d.]+)/.exec(text)?.[1]))

test('a reader that is slow gets the newest progress of each run when it has taken the rest', () => {
  const { feed, reader } = feedOf(eventStream)
  feed.tellRun([event('one', 'progress', 10)])
  reader.waiting = 100_000
  feed.tellRun([event('one', 'progress', 20)])
  feed.tellRun([event('two', 'progress', 5)])
  feed.tellRun([event('one', 'ticker_completed', 30), event('one', 'progress', 31)])
  expect(percents(reader.written)).toEqual([10])
  reader.takeAll()
  expect(percents(reader.written)).toEqual([10, 30, 31, 5])
  expect(reader.isEnded).toBe(false)
})

test('the stream of one run ends after its end, also for a reader that was slow, and tells nothing more', () => {
  const { feed, reader } = feedOf(runFormat)
  reader.waiting = 100_000
  feed.tellRun([event('one', 'progress', 20)])
  feed.tellRun([event('one', 'stage_completed', 100), event('one', 'completed', 100)])
  expect(reader.isEnded).toBe(false)
  reader.takeAll()
  expect(reader.isEnded).toBe(true)
  expect(reader.written.join('')).toContain('"event_type":"completed"')
  const count = reader.written.length
  feed.tellRun([event('one', 'progress', 100)])
  feed.beat(0)
  expect(reader.written).toHaveLength(count)
})
