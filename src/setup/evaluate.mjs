import { runTyped } from './typed-program.mjs'

// npm run evaluate -- --bars FOLDER: tests the shipped forecaster on recorded bars.
await runTyped('models/forecaster/evaluate.ts', 1_000)
