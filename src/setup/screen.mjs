import { runTyped } from './typed-program.mjs'

// npm run -s screen -- STRATEGY …: screens recorded bars.
await runTyped('src/strategies/command-line/main.ts', 3_000)
