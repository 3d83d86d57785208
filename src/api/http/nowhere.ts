import type { IncomingMessage } from 'node:http'
import { type Answer, problem } from './answer.ts'
import { noSuchPath } from './refusals.ts'
import { dataHeaders } from './security-headers.ts'

/** The answer at an unknown path: to a person, a page with a way to the desk; to a program, the refusal. */
export function nowhere({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): Answer {
  const isPerson = method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '')
  if (!isPerson) return problem(404, noSuchPath())
  // In the sandbox of other data a link leads nowhere.
  const security = { ...dataHeaders, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }
  return { status: 404, type: 'text/html; charset=utf-8', body: page, headers: security }
}

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nothing here · Deskhand</title>
<h1>There is nothing here</h1>
<p><a href="/">To my desk</a></p>
</html>
`
