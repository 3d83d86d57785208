import { runTyped } from './typed-program.mjs'

// npm run -s backtest -- STRATEGY SYMBOL …: runs a strategy over recorded bars.
await runTyped('src/backtest/command-line/main.ts', 1_000)
