import { runTyped } from './typed-program.mjs'

// npm run train:forecaster -- --bars FOLDER: judges and builds the forecaster from recorded bars.
await runTyped('models/forecaster/train.ts', 1_000)
