import type { types } from '@slack/bolt'
import type { Reply } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'
import { renderActions, renderText } from './render.ts'

/** A person's home page: the desk's text, and the buttons for the open positions. */
export function homeView({ text, actions = [] }: Reply): types.HomeView {
  const buttons = renderActions(actions, false)
  const texts = renderText(text).flatMap((part) => part.blocks)
  return { type: 'home', blocks: [...texts.slice(0, limits.homeBlocks - buttons.length), ...buttons] }
}
