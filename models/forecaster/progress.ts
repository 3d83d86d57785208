/** Tells how far a training is: a bar that is drawn over itself on a terminal, else a line for each step of 10%. */
export function progressOn(stream: {
  isTTY?: boolean
  write(text: string): unknown
}): (share: number, text: string) => void {
  const width = 24
  let last = -1
  return (share, text) => {
    const full = Math.floor(share * width)
    const percent = `${Math.floor(100 * share)
      .toString()
      .padStart(3)}%`
    if (stream.isTTY) {
      stream.write(
        `\r\u001b[K${'▰'.repeat(full)}${'▱'.repeat(width - full)} ${percent}  ${text}${share >= 1 ? '\n' : ''}`,
      )
      return
    }
    const step = Math.floor(10 * share)
    if (step > last) stream.write(`${percent}  ${text}\n`)
    last = Math.max(last, step)
  }
}
