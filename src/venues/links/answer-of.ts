/** The venue has so many milliseconds for its answer. */
const withinMs = 8000

/** A venue's answer to a request of the linking page; its body is undefined when it is no JSON. Undefined when there was no answer. */
export async function answerOf(
  api: string,
  path: string,
  request: RequestInit,
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(`${api.replace(/\/$/, '')}${path}`, {
      ...request,
      redirect: 'error',
      signal: AbortSignal.timeout(withinMs),
    })
    return { status: response.status, body: await response.json().catch(() => undefined) }
  } catch {
    return undefined
  }
}
