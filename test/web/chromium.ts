import { type Browser, chromium } from 'playwright-core'

/** A machine whose network is closed: the browser looks nothing up. */
const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--mute-audio'],
]

/** Opens a Chromium without a window, given its program. */
export function openChromium(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: flags })
}
