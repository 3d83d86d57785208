import { expect, test } from 'vitest'
import type { Post, Poster } from '../../../src/talk/chat/door.ts'
import type { Posted, Question, Reply } from '../../../src/talk/chat/reply.ts'
import { createShownQuestions, noting } from '../../../src/talk/chat/shown-questions.ts'

const place = { door: 'discord' as const, workspace: 'G', channel: 'C' }
const question: Question = { id: 'guardian-7', name: 'choice', kind: 'choice', title: 'Guardian', choices: [] }

test('a reply that settles a question takes its buttons away when it is posted, and no others', async () => {
  const removed: Posted[] = []
  const plain: Poster = { door: 'discord', post: async ({ key }) => ({ message: key, place }) }
  const poster = noting(plain, createShownQuestions(), async (posted) => void removed.push(posted))
  const post = (key: string, reply: Reply) => poster.post({ key, place, reply } satisfies Post)
  await post('r1', { text: 'EXIT?', question })
  await post('r2', { text: 'EXIT?', question: { ...question, id: 'guardian-8' } })
  expect(removed).toEqual([])
  await post('r3', { text: 'done', settled: ['guardian-7', 'guardian-9'] })
  expect(removed).toEqual([{ message: 'r1', place }])
  await post('r4', { text: 'again', settled: ['guardian-7'] })
  expect(removed).toHaveLength(1)
})
